from nets import generator

net = generator((28, 28))
net.compile('sgd', 'mse')
try:
    history = net.fit(x, y, nb_epoch=10L, verbose=0); print `history`
except ValueError, error:
    print 'bad', error; raise RuntimeError, error
if net <> None: print "done"
