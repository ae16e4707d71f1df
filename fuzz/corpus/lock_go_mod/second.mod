module a
require b v1
require b v1
require c v1
replace c => b v1
require ()
