package catalogue

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/web/assets"
)

func TestOfflinePageHasTheLastHelp(t *testing.T) {
	server := start(t, func(mux *http.ServeMux) {
		mux.Handle("GET /sw.js", assets.ServiceWorker())
		mux.HandleFunc("GET /status.json", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"userMessage": "Room 12, extension 117", "helpUrl": "https://help.example.com/", "validUntil": "2999-01-01T00:00:00Z"}`)
		})
	})
	ctx := browse(t)
	do(ctx, t, "open a page", chromedp.Navigate(server.URL+"/list"))
	until(ctx, t, "the worker is at work", `navigator.serviceWorker.controller !== null`)
	server.CloseClientConnections()
	server.Close()
	do(ctx, t, "go on without a server", chromedp.Navigate(server.URL+"/customers/1"))
	until(ctx, t, "the page with the help is shown", `document.querySelector('[data-help-text]')?.textContent === 'Room 12, extension 117' && !document.querySelector('[data-help]').hidden`)
	until(ctx, t, "it is drawn with its style", `getComputedStyle(document.body).fontFamily.includes('FiraGO') && document.querySelector('[data-help-link]').href === 'https://help.example.com/'`)
}
