// Package jobsweb is the page of the settings that shows what is done in the
// background: which jobs wait, run or failed, why, and the buttons to run one
// again, to end it, and to hold a queue.
package jobsweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/ui/badge"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/ui/tabs"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// Path is the page of the jobs; it needs the permission jobs.Manage.
const Path = "/settings/jobs"

const pageSize = 50

// Pages answers requests; safe for concurrent use.
type Pages struct {
	jobs  *jobs.Runner
	clock clock.Clock
}

// New makes the pages of a runner.
func New(r *jobs.Runner, c clock.Clock) *Pages { return &Pages{jobs: r, clock: c} }

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		web.Get(Path, p.show),
		web.Post(Path+"/{id}/{action}", p.steer),
		web.Post(Path+"/queues/{queue}/{action}", p.control),
	}
}

// jobsPage is the list as it was asked for.
type jobsPage struct {
	State  jobs.State
	Before int64
	Jobs   []jobs.Info
	Queues []jobs.Queue
	Next   string
	Now    clock.Instant
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	l := jobsPage{State: jobs.State(in.Text("state")), Before: in.ID("before"), Now: clock.InstantOf(p.clock.Now())}
	if l.State.TextID() == "" {
		l.State = ""
	}
	l.Jobs, err = p.jobs.List(ctx, jobs.Filter{State: l.State, Before: l.Before, Limit: pageSize + 1})
	if err != nil {
		return err
	}
	if len(l.Jobs) > pageSize {
		l.Jobs = l.Jobs[:pageSize]
		l.Next = address(l.State, l.Jobs[pageSize-1].ID)
	}
	if web.IsFragment(r) && l.Before != 0 {
		return web.Render(w, r, table.Table(l.table(ctx)))
	}
	if l.Queues, err = p.jobs.Queues(ctx); err != nil {
		return err
	}
	if web.IsFragment(r) && in.Flag("list") {
		return web.Render(w, r, jobsBody(l))
	}
	pg := page.Page{
		Title: i18n.T(ctx, "jobs.page.title"), Subtitle: i18n.T(ctx, "jobs.page.text"), Width: page.Wide,
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "common.settings"), Href: "/settings"}},
	}
	return web.Page(w, r, pg, jobsBody(l))
}

func address(s jobs.State, before int64) string {
	q := url.Values{}
	if s != "" {
		q.Set("state", string(s))
	}
	if before != 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return Path
	}
	return Path + "?" + q.Encode()
}

// again is where the list is fetched anew, as long as something is under way.
func (l jobsPage) again() string {
	q := url.Values{"list": {"1"}}
	if l.State != "" {
		q.Set("state", string(l.State))
	}
	return Path + "?" + q.Encode()
}

// busy tells that some job of the first page will change by itself.
func (l jobsPage) busy() bool {
	for _, j := range l.Jobs {
		if j.State == jobs.Running || j.State == jobs.Waiting {
			return l.Before == 0
		}
	}
	return false
}

func (l jobsPage) tabs(ctx context.Context) []tabs.Tab {
	all := []tabs.Tab{{Label: i18n.T(ctx, "common.all"), Href: Path, Current: l.State == ""}}
	for _, s := range jobs.States {
		all = append(all, tabs.Tab{Label: i18n.T(ctx, s.TextID()), Href: address(s, 0), Current: l.State == s})
	}
	return all
}

func (l jobsPage) table(ctx context.Context) table.Props {
	t := table.Props{ID: "jobs", Caption: i18n.T(ctx, "jobs.page.title"), Next: l.Next, Empty: nothing(), Columns: []table.Column{
		{Label: i18n.T(ctx, "jobs.page.job"), Class: table.Main},
		{Label: i18n.T(ctx, "jobs.page.state")},
		{Label: i18n.T(ctx, "jobs.page.tries"), Class: table.Number},
		{Label: i18n.T(ctx, "jobs.page.who")},
		{Label: i18n.T(ctx, "jobs.page.when"), Class: table.NoWrap},
		{Label: i18n.T(ctx, "common.actions"), HideLabel: true, Class: table.Actions},
	}}
	for _, j := range l.Jobs {
		tries := i18n.T(ctx, "jobs.page.try-of", "Attempt", j.Attempt, "Max", j.MaxAttempts)
		t.Rows = append(t.Rows, table.Row{ID: strconv.FormatInt(j.ID, 10), Name: kindName(ctx, j), Cells: []templ.Component{
			jobCell(j), stateCell(j), table.Text(tries), table.Text(j.By.Name), whenCell(j, l.Now), actionsCell(j, l.State),
		}})
	}
	return t
}

var tones = map[jobs.State]badge.Tone{
	jobs.Running: badge.Info, jobs.Waiting: badge.Plain, jobs.Planned: badge.Plain, jobs.Retrying: badge.Warn,
	jobs.Failed: badge.Bad, jobs.Cancelled: badge.Off, jobs.Done: badge.Good,
}

// moment is when a job ended, began, or is due.
func moment(j jobs.Info) clock.Instant {
	switch {
	case j.Finished != 0:
		return j.Finished
	case j.State == jobs.Running:
		return j.Attempted
	case j.State == jobs.Planned || j.State == jobs.Retrying:
		return j.Scheduled
	}
	return j.Created
}

// jobPath is where a button of a job posts to; it remembers the state the list
// is filtered by.
func jobPath(id int64, action string, listed jobs.State) string {
	path := Path + "/" + strconv.FormatInt(id, 10) + "/" + action
	if listed != "" {
		path += "?" + url.Values{"state": {string(listed)}}.Encode()
	}
	return path
}

// queuePath holds a name that is kept in the database: it is escaped.
func queuePath(queue, action string) string {
	return Path + "/queues/" + url.PathEscape(queue) + "/" + action
}

var done = map[string]string{
	"retry": "jobs.page.retried", "cancel": "jobs.page.cancelled", "pause": "jobs.page.paused", "resume": "jobs.page.resumed",
}

// steer runs a job again, or ends it.
func (p *Pages) steer(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	acts := map[string]func(context.Context, int64) error{"retry": p.jobs.Retry, "cancel": p.jobs.Cancel}
	act, known := acts[r.PathValue("action")]
	if !known {
		return noSuchAction()
	}
	return finish(w, r, act(r.Context(), id))
}

// control holds a queue, or lets it go on.
func (p *Pages) control(w http.ResponseWriter, r *http.Request) error {
	acts := map[string]func(context.Context, string) error{"pause": p.jobs.Pause, "resume": p.jobs.Resume}
	act, known := acts[r.PathValue("action")]
	if !known {
		return noSuchAction()
	}
	return finish(w, r, act(r.Context(), r.PathValue("queue")))
}

// finish says what was done on the page it was done from. What came too late,
// because the job had gone on by itself, is said there too.
func finish(w http.ResponseWriter, r *http.Request, err error) error {
	ctx := r.Context()
	switch {
	case errs.Is(err, errs.Conflict):
		web.Toast(w, r, toast.Toast{Text: web.ProblemOf(ctx, err).Detail, Bad: true})
	case err != nil:
		return err
	default:
		web.Toast(w, r, toast.Toast{Text: i18n.T(ctx, done[r.PathValue("action")])})
	}
	return web.Redirect(w, r, address(stateOf(r), 0))
}

// stateOf is the state the list was filtered by.
func stateOf(r *http.Request) jobs.State {
	if s := jobs.State(r.FormValue("state")); s.TextID() != "" {
		return s
	}
	return ""
}

func noSuchAction() error { return errs.New(errs.NotFound, "jobsweb", "errors.page-not-found") }
