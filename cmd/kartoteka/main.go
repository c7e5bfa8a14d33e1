// Command kartoteka is the whole product: see kartoteka --help.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"kartoteka.dev/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx)
	stop()
	os.Exit(code)
}
