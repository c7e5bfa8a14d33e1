// Package backupweb is the page of the settings on which the administrator
// says when backups are made and where they go, and sees how they went.
package backupweb

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/backup"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// Path is the page; it needs the permission backup.Manage.
const Path = "/settings/backup"

// shown is how many results the page lists.
const shown = 30

// Pages answers requests; safe for concurrent use.
type Pages struct{ backup *backup.Service }

// New makes the pages.
func New(s *backup.Service) *Pages { return &Pages{s} }

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		web.Get(Path, p.show),
		web.Post(Path, p.change),
		web.Post(Path+"/now", p.now),
		web.Post(Path+"/off", p.turnOff),
	}
}

// backupForm is the page, perhaps come back with what it needs.
type backupForm struct {
	Folder, Time, Days, Weeks string
	On, Late, Locked          bool
	Runs                      []backup.Run
	fields                    map[string]string
}

func (f backupForm) of(name string) string { return f.fields[name] }

func (f backupForm) summary() []field.Problem {
	var all []field.Problem
	for _, name := range []string{"folder", "time", "days", "weeks"} {
		if text := f.fields[name]; text != "" {
			all = append(all, field.Problem{Name: name, Text: text})
		}
	}
	return all
}

// What is proposed while nothing is set: half past two at night, a week of
// days, two months of weeks.
const (
	usualMinute = 150
	usualDays   = 7
	usualWeeks  = 8
)

func (p *Pages) read(ctx context.Context) (backupForm, error) {
	s, err := p.backup.Find(ctx)
	if err != nil {
		return backupForm{}, err
	}
	f := backupForm{On: s.On(), Late: p.backup.Late(ctx), Locked: p.backup.Key.Locks()}
	if !s.On() && s.Days == 0 {
		s.Minute, s.Days, s.Weeks = usualMinute, usualDays, usualWeeks
	}
	f.Folder, f.Days, f.Weeks = s.Folder, strconv.Itoa(s.Days), strconv.Itoa(s.Weeks)
	f.Time = fmt.Sprintf("%02d:%02d", s.Minute/60, s.Minute%60)
	f.Runs, err = p.backup.List(ctx, shown)
	return f, err
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	f, err := p.read(r.Context())
	if err != nil {
		return err
	}
	return p.render(w, r, f)
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, f backupForm) error {
	ctx := r.Context()
	status := http.StatusOK
	if len(f.fields) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.PageStatus(w, r, status, page.Page{
		Title:       i18n.T(ctx, "backup.page.title"),
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "common.settings"), Href: "/settings"}},
		Failed:      status != http.StatusOK,
	}, backupView(f))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f, err := p.read(ctx)
	if err != nil {
		return err
	}
	f.Folder, f.Time, f.Days, f.Weeks = in.Text("folder"), in.Text("time"), in.Text("days"), in.Text("weeks")
	to := backup.Settings{Folder: f.Folder, Minute: minuteOf(f.Time), Days: number(f.Days), Weeks: number(f.Weeks)}
	if f.Folder == "" {
		err = errs.InvalidFields("backupweb.change", errs.Field("folder", "errors.field-missing"))
	} else {
		err = p.backup.Change(ctx, to)
	}
	if errs.Is(err, errs.Invalid) {
		f.fields = web.FieldTexts(ctx, err)
		return p.render(w, r, f)
	}
	return done(w, r, err, "common.saved")
}

// minuteOf reads "02:30"; -1 is no time.
func minuteOf(text string) int {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return -1
	}
	return at.Hour()*60 + at.Minute()
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (p *Pages) now(w http.ResponseWriter, r *http.Request) error {
	return done(w, r, p.backup.Now(r.Context()), "backup.page.begun")
}

func (p *Pages) turnOff(w http.ResponseWriter, r *http.Request) error {
	s, err := p.backup.Find(r.Context())
	if err == nil {
		s.Folder = ""
		err = p.backup.Change(r.Context(), s)
	}
	return done(w, r, err, "backup.page.turned-off")
}

// done goes back to the page and says what happened.
func done(w http.ResponseWriter, r *http.Request, err error, text string) error {
	if errs.Is(err, errs.Conflict) {
		web.Toast(w, r, toast.Toast{Text: web.ProblemOf(r.Context(), err).Detail, Bad: true})
		return web.Redirect(w, r, Path)
	}
	if err != nil {
		return err
	}
	web.Toast(w, r, toast.Toast{Text: i18n.T(r.Context(), text)})
	return web.Redirect(w, r, Path)
}

func (f backupForm) table(ctx context.Context) table.Props {
	t := table.Props{ID: "backups", Caption: i18n.T(ctx, "backup.page.results"), Empty: nothing(), Columns: []table.Column{
		{Label: i18n.T(ctx, "backup.page.when"), Class: table.NoWrap},
		{Label: i18n.T(ctx, "backup.page.result")},
		{Label: i18n.T(ctx, "backup.page.file"), Class: table.Main},
		{Label: i18n.T(ctx, "backup.page.size"), Class: table.Number},
		{Label: i18n.T(ctx, "backup.page.attached"), Class: table.Number},
	}}
	for _, r := range f.Runs {
		size, files := "", ""
		if r.Failure == "" {
			size, files = i18n.Bytes(ctx, r.Bytes), i18n.Number(ctx, int64(r.Files))
		}
		t.Rows = append(t.Rows, table.Row{ID: strconv.FormatInt(r.ID, 10), Cells: []templ.Component{
			table.Text(i18n.DateTime(ctx, r.EndedAt)), resultCell(r), fileCell(r), table.Text(size), table.Text(files),
		}})
	}
	return t
}
