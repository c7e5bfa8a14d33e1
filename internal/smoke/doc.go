// Package smoke tries the whole program as people and programs use it: stories
// in a real browser, the API over HTTP, and the binary under kill -9. The
// tests start the program through app.Run on a free port of loopback.
package smoke
