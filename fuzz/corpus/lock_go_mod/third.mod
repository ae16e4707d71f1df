module a
require (
