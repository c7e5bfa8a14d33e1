// Package app is the only place that knows every module: it reads the command
// line, opens the store, builds the modules and connects them, mounts their
// pages, and runs the server until it is asked to stop, in reverse order.
package app
