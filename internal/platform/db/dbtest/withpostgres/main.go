// Command withpostgres starts one PostgreSQL for tests, runs the command it is
// given with the server's address in KARTOTEKA_TEST_POSTGRES, and ends the
// server.
package main

import (
	"fmt"
	"os"
	"os/exec"

	"kartoteka.dev/internal/platform/db/dbtest"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(command []string) int {
	if len(command) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres COMMAND [ARGUMENT…]")
		return 2
	}
	address, err := dbtest.StartPostgres()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	c := exec.Command(command[0], command[1:]...) //nolint:noctx // the developer's own command
	c.Env = append(os.Environ(), "KARTOTEKA_TEST_POSTGRES="+address)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 1
	}
	return 0
}
