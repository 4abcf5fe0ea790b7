// Preloaded into the suite's origin, which would listen on every interface of the machine.
'use strict'

const net = require('node:net')

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  const callback = rest.find(argument => typeof argument === 'function')
  return listen.call(this, Number(port), '127.0.0.1', callback)
}
