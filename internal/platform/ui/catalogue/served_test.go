package catalogue

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/button"
	"kartoteka.dev/internal/platform/ui/dialog"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web/assets"
)

// policy is the one pages are served with.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
	"img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// serve offers the catalogue as the program does: ?lang=, ?theme=, ?density=.
func serve(t *testing.T, more func(mux *http.ServeMux)) string {
	t.Helper()
	return start(t, more).URL
}

func start(t *testing.T, more func(mux *http.ServeMux)) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	mux.Handle("GET /favicon.ico", assets.Favicon())
	mux.Handle("GET /manifest.webmanifest", assets.Manifest())
	mux.HandleFunc("GET /settings/catalogue", func(w http.ResponseWriter, r *http.Request) {
		ctx := locale(r)
		show(ctx, t, w, within(page.Shell(samplePage(ctx, r)), Page()))
	})
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) {
		ctx := locale(r)
		show(ctx, t, w, within(page.Shell(samplePage(ctx, r)), lists()))
	})
	mux.HandleFunc("GET /bare", func(w http.ResponseWriter, r *http.Request) {
		ctx := locale(r)
		p := page.Page{Title: "Kartoteka", Lang: string(i18n.From(ctx).Lang), Theme: r.FormValue("theme")}
		show(ctx, t, w, within(page.Bare(p, []page.Link{{Label: "Kartoteka", Href: "/"}}), page.Failure(page.Trouble{
			Icon: "server-crash", Title: i18n.T(ctx, "catalogue.sample.failure-title"), Text: i18n.T(ctx, "catalogue.sample.failure-text"),
			Help: i18n.T(ctx, "catalogue.sample.failure-help"), Details: "GET /customers/17", Actions: again(),
		})))
	})
	mux.HandleFunc("GET /offline", func(w http.ResponseWriter, r *http.Request) {
		ctx := locale(r)
		show(ctx, t, w, page.Offline(page.Page{Title: "Kartoteka", Lang: string(i18n.From(ctx).Lang)}))
	})
	if more != nil {
		more(mux)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

func locale(r *http.Request) context.Context {
	return i18n.With(r.Context(), i18n.Locale{Lang: i18n.Lang(r.FormValue("lang")), Zone: time.UTC, Currency: "EUR"})
}

func show(ctx context.Context, t *testing.T, w http.ResponseWriter, c templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := c.Render(ctx, w); err != nil {
		t.Errorf("render: %v", err)
	}
}

func within(outer, inner templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, inner), w)
	})
}

func samplePage(ctx context.Context, r *http.Request) page.Page {
	name := i18n.T(ctx, "catalogue.sample.person")
	item := func(label, icon, key string) page.Item {
		return page.Item{Label: label, Href: "/list", Icon: icon, Key: key}
	}
	all := item(i18n.T(ctx, "catalogue.sample.all"), "users-round", "")
	all.Current, all.Count = true, i18n.Number(ctx, 1204)
	return page.Page{
		Title: i18n.T(ctx, "catalogue.sample.all"), Subtitle: Title(ctx), Company: i18n.T(ctx, "catalogue.sample.name-value"),
		Lang: string(i18n.From(ctx).Lang), Theme: r.FormValue("theme"), Density: r.FormValue("density"),
		Menu: []page.Item{
			item(i18n.T(ctx, "catalogue.sample.today"), "notebook-tabs", "t"), all,
			item(i18n.T(ctx, "catalogue.sample.next-step"), "calendar-days", ""),
			item(i18n.T(ctx, "catalogue.sample.event-complaint"), "message-square-warning", ""),
			item(i18n.T(ctx, "catalogue.sample.turnover"), "chart-column", ""),
			item(i18n.T(ctx, "catalogue.sample.owner"), "users", ""),
		},
		Bar: []page.Item{
			item(i18n.T(ctx, "catalogue.sample.today"), "notebook-tabs", ""),
			item(i18n.T(ctx, "catalogue.sample.plan"), "square-pen", ""),
		},
		Person:      page.Person{ID: "7", Name: name, SignOut: "/sign-out", Menu: []menu.Item{{Label: i18n.T(ctx, "catalogue.sample.reminders"), Icon: "settings", Href: "/list"}}},
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "catalogue.sample.name-value"), Href: "/list"}, {Label: i18n.T(ctx, "catalogue.sample.all"), Href: "/list"}},
		Commands: []dialog.Result{
			{Label: i18n.T(ctx, "catalogue.sample.add"), Icon: "plus", Href: "/list?new", Key: "c"},
			{Label: i18n.T(ctx, "catalogue.sample.import"), Icon: "file-spreadsheet", Href: "/list?import"},
		},
		Actions: templ.Join(
			button.Button(button.Props{Label: i18n.T(ctx, "catalogue.sample.import"), Icon: "file-spreadsheet", Href: "/list"}),
			button.Button(button.Props{Label: i18n.T(ctx, "catalogue.sample.add"), Icon: "plus", Variant: button.Primary, Href: "/list", Key: "c"}),
		),
	}
}

func rawHTML(html string) templ.Component { return templ.Raw(html) }
