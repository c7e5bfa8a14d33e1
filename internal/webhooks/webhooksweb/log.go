package webhooksweb

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/badge"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/ui/tabs"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/webhooks"
)

// endpointPage is a webhook with what it was told; Secret is the one just
// made, shown this once.
type endpointPage struct {
	Endpoint webhooks.Endpoint
	Secret   string
	State    webhooks.State
	Log      []webhooks.Delivery
	Next     string
	Labels   map[string]string
	Now      clock.Instant
}

const logPage = 50

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	e, err := p.Webhooks.Find(ctx, id)
	if err != nil {
		return err
	}
	ep := endpointPage{Endpoint: e, State: webhooks.State(in.Text("state"))}
	if !ep.State.Valid() {
		ep.State = ""
	}
	if before := in.ID("before"); before != 0 && web.IsFragment(r) {
		if err := p.read(ctx, &ep, before); err != nil {
			return err
		}
		return web.Render(w, r, table.Table(ep.table(ctx)))
	}
	return p.render(w, r, ep)
}

// read fills in what the page tells of the log.
func (p *Pages) read(ctx context.Context, ep *endpointPage, before int64) error {
	log, next, err := p.Webhooks.Deliveries(ctx, ep.Endpoint.ID, webhooks.LogQuery{State: ep.State, Before: before, Limit: logPage})
	if err != nil {
		return err
	}
	ep.Log, ep.Labels, ep.Now = log, labels(p.Events(ctx)), p.now()
	if next != 0 {
		ep.Next = ep.address(ep.State, next)
	}
	return nil
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, ep endpointPage) error {
	ctx := r.Context()
	if err := p.read(ctx, &ep, 0); err != nil {
		return err
	}
	pg := page.Page{
		Title: ep.title(), Subtitle: ep.Endpoint.Description, Breadcrumbs: crumbs(ctx, true), Width: page.Wide, Actions: endpointActions(ep.Endpoint),
	}
	return web.Page(w, r, pg, endpointView(ep))
}

// title is the host, which tells webhooks apart at a glance.
func (p endpointPage) title() string {
	if u, err := url.Parse(p.Endpoint.URL); err == nil && u.Host != "" {
		return u.Host
	}
	return p.Endpoint.URL
}

func (p endpointPage) address(s webhooks.State, before int64) string {
	q := url.Values{}
	if s != "" {
		q.Set("state", string(s))
	}
	if before != 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return pathOf(p.Endpoint.ID)
	}
	return pathOf(p.Endpoint.ID) + "?" + q.Encode()
}

// stateLabels are the locale ids of the states of deliveries.
var stateLabels = map[webhooks.State]string{
	webhooks.Waiting: "webhooks.log.waiting", webhooks.Delivered: "webhooks.log.delivered", webhooks.Failed: "webhooks.log.failed",
}

var tones = map[webhooks.State]badge.Tone{
	webhooks.Waiting: badge.Info, webhooks.Delivered: badge.Good, webhooks.Failed: badge.Bad,
}

func (p endpointPage) tabs(ctx context.Context) []tabs.Tab {
	all := []tabs.Tab{{Label: i18n.T(ctx, "common.all"), Href: p.address("", 0), Current: p.State == ""}}
	for _, s := range webhooks.States {
		all = append(all, tabs.Tab{Label: i18n.T(ctx, stateLabels[s]), Href: p.address(s, 0), Current: p.State == s})
	}
	return all
}

// anyFailed tells whether there is something to send again.
func (p endpointPage) anyFailed() bool {
	for _, d := range p.Log {
		if d.State == webhooks.Failed && d.EntryID != 0 {
			return true
		}
	}
	return false
}

func (p endpointPage) table(ctx context.Context) table.Props {
	t := table.Props{ID: "deliveries", Caption: i18n.T(ctx, "webhooks.log.title"), Next: p.Next, Empty: noDeliveries(), Columns: []table.Column{
		{Label: i18n.T(ctx, "webhooks.log.event"), Class: table.Main},
		{Label: i18n.T(ctx, "webhooks.log.state")},
		{Label: i18n.T(ctx, "webhooks.log.answer")},
		{Label: i18n.T(ctx, "webhooks.log.tries"), Class: table.Number},
		{Label: i18n.T(ctx, "webhooks.log.when"), Class: table.NoWrap},
	}}
	for _, d := range p.Log {
		t.Rows = append(t.Rows, table.Row{ID: strconv.FormatInt(d.ID, 10), Name: d.MessageID(), Cells: []templ.Component{
			table.Link(deliveryPath(d.EndpointID, d.ID), p.eventName(ctx, d), d.Event), deliveryState(d, p.Now),
			table.Text(answerText(ctx, d.Last)), table.Text(i18n.Number(ctx, int64(d.Attempts))), table.Text(i18n.Ago(ctx, d.CreatedAt, p.Now)),
		}})
	}
	return t
}

func (p endpointPage) eventName(ctx context.Context, d webhooks.Delivery) string {
	if d.Event == webhooks.TestEvent {
		return i18n.T(ctx, "webhooks.log.test")
	}
	if label := p.Labels[d.Event]; label != "" {
		return label
	}
	return d.Event
}

// troubles are the locale ids of why there was no answer.
var troubles = map[string]string{
	webhooks.TroublePrivate: "webhooks.trouble.private", webhooks.TroubleTimeout: "webhooks.trouble.timeout",
	webhooks.TroubleWithheld: "webhooks.trouble.withheld",
}

// answerText is what the other side said, in a word.
func answerText(ctx context.Context, a webhooks.Attempt) string {
	switch {
	case a.At.IsZero():
		return ""
	case a.Status != 0:
		return strconv.Itoa(a.Status) + " " + http.StatusText(a.Status)
	case troubles[a.Trouble] != "":
		return i18n.T(ctx, troubles[a.Trouble])
	case a.Trouble != "":
		return a.Trouble
	}
	return i18n.T(ctx, "webhooks.log.no-answer")
}

func tookText(ctx context.Context, a webhooks.Attempt) string {
	return i18n.T(ctx, "webhooks.log.took", "Ms", i18n.Number(ctx, int64(a.Took/time.Millisecond)))
}

// deliveryPage is one delivery with all its attempts.
type deliveryPage struct {
	Endpoint webhooks.Endpoint
	Delivery webhooks.Delivery
	Attempts []webhooks.Attempt
	Body     string
	Now      clock.Instant
}

func (p *Pages) showDelivery(w http.ResponseWriter, r *http.Request) error {
	id, delivery, err := deliveryIDs(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	dp := deliveryPage{Now: p.now()}
	if dp.Endpoint, err = p.Webhooks.Find(ctx, id); err != nil {
		return err
	}
	var body string
	if dp.Delivery, dp.Attempts, body, err = p.Webhooks.FindDelivery(ctx, id, delivery); err != nil {
		return err
	}
	var shown bytes.Buffer
	if json.Indent(&shown, []byte(body), "", "  ") == nil {
		body = shown.String()
	}
	dp.Body = body
	title := endpointPage{Endpoint: dp.Endpoint, Labels: labels(p.Events(ctx))}.eventName(ctx, dp.Delivery)
	back := page.Crumb{Label: endpointPage{Endpoint: dp.Endpoint}.title(), Href: pathOf(id)}
	pg := page.Page{Title: title, Subtitle: dp.Delivery.MessageID(), Breadcrumbs: append(crumbs(ctx, true), back)}
	return web.Page(w, r, pg, deliveryView(dp))
}
