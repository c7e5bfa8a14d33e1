package customersweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/tabs"
	"kartoteka.dev/internal/platform/ui/timeline"
	"kartoteka.dev/internal/platform/web"
)

// showTimeline answers the next page of the timeline, or the first one of some
// kinds only.
func (p *Pages) showTimeline(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	kinds := kindsOf(q["kind"])
	if !web.IsFragment(r) {
		d, err := p.dossier(ctx, id)
		if err != nil {
			return err
		}
		d.kinds = kinds
		if d.Timeline, err = p.customers.Timeline(ctx, id, customers.TimelineQuery{Kinds: kinds, Cursor: q.Get("cursor"), Limit: unfolded(q)}); err != nil {
			return err
		}
		return p.renderDossier(w, r, d)
	}
	d := dossierPage{kinds: kinds}
	if d.Card, err = p.customers.FindCard(ctx, id); err != nil {
		return err
	}
	d.dir.now = clock.InstantOf(p.clock.Now())
	if d.Timeline, err = p.customers.Timeline(ctx, id, customers.TimelineQuery{Kinds: kinds, Cursor: q.Get("cursor"), Limit: unfolded(q)}); err != nil {
		return err
	}
	shown, _ := strconv.Atoi(q.Get("day"))
	return web.Render(w, r, dossierEvents(d, clock.Day(shown)))
}

// pageOfTouches is how many items a page of the timeline has, and maxTouches
// how many are read at once.
const (
	pageOfTouches = 30
	maxTouches    = 200
)

// unfolded is how many items are wanted: a page, or as many as the reader has
// unfolded (?open=) when they are fetched anew.
func unfolded(q url.Values) int {
	open, err := strconv.Atoi(q.Get("open"))
	if err != nil {
		return pageOfTouches
	}
	return min(max(open, pageOfTouches), maxTouches)
}

func kindsOf(names []string) []customers.TouchKind {
	var kinds []customers.TouchKind
	for _, name := range names {
		if k := customers.TouchKind(name); slices.Contains(customers.TouchKinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// timelineAt is the address of the timeline with these kinds.
func (d dossierPage) timelineAt(kinds []customers.TouchKind, more url.Values) string {
	if more == nil {
		more = url.Values{}
	}
	for _, k := range kinds {
		more.Add("kind", string(k))
	}
	return pathWith(d.at("/timeline"), more)
}

// filters are the kinds the timeline can be cut down to.
func (d dossierPage) filters(ctx context.Context) []tabs.Tab {
	talk := []customers.TouchKind{"call", "meeting", "email", "message", "visit"}
	choices := []struct {
		label string
		kinds []customers.TouchKind
	}{
		{i18n.T(ctx, "customers.dossier-timeline.all"), nil},
		{i18n.T(ctx, "customers.dossier-timeline.talks"), talk},
		{i18n.T(ctx, "customers.dossier-timeline.notes"), []customers.TouchKind{"note"}},
		{i18n.T(ctx, "customers.dossier-timeline.files"), []customers.TouchKind{customers.FileTouch}},
		{i18n.T(ctx, "customers.dossier-timeline.changes"), []customers.TouchKind{customers.ChangeTouch}},
	}
	all := make([]tabs.Tab, len(choices))
	for i, c := range choices {
		href := d.timelineAt(c.kinds, nil)
		if c.kinds == nil {
			href = d.at("")
		}
		all[i] = tabs.Tab{Label: c.label, Href: href, Current: slices.Equal(c.kinds, d.kinds)}
	}
	return all
}

// next is the address of the page that follows, and which day it goes on with.
func (d dossierPage) next(ctx context.Context) string {
	if d.Timeline.Next == "" {
		return ""
	}
	last := d.Timeline.Items[len(d.Timeline.Items)-1]
	return d.timelineAt(d.kinds, url.Values{"cursor": {d.Timeline.Next}, "day": {strconv.Itoa(int(dayOf(ctx, last.At)))}})
}

func dayOf(ctx context.Context, at clock.Instant) clock.Day {
	return clock.DayOf(at.Time(), i18n.From(ctx).Zone)
}

// days sets what happened under its days; the heading of the day the page
// before ended with is not repeated.
func (d dossierPage) days(ctx context.Context, shown clock.Day) []timeline.Day {
	var all []timeline.Day
	for _, t := range d.Timeline.Items {
		day := dayOf(ctx, t.At)
		if len(all) == 0 || day != shown {
			title := d.dayTitle(ctx, day)
			if day == shown {
				title = ""
			}
			all = append(all, timeline.Day{Title: title})
			shown = day
		}
		last := &all[len(all)-1]
		last.Items = append(last.Items, d.event(ctx, t))
	}
	return all
}

func (d dossierPage) dayTitle(ctx context.Context, day clock.Day) string {
	today := dayOf(ctx, d.dir.now)
	switch day {
	case today:
		return i18n.T(ctx, "common.today")
	case today.AddDays(-1):
		return i18n.T(ctx, "common.yesterday")
	}
	return i18n.LongDate(ctx, day)
}

func (d dossierPage) event(ctx context.Context, t customers.Touch) timeline.Item {
	item := timeline.Item{
		Icon: touchIcons[t.Kind], Title: t.Title, Text: t.Text, ID: "t-" + t.Key,
		Meta: i18n.Time(ctx, t.At), Show: touchMore(d, t),
	}
	if t.Who != "" {
		item.Meta = t.Who + " · " + item.Meta
	}
	if t.Note != nil && t.Note.ContactID != 0 {
		if i := slices.IndexFunc(d.Card.Contacts, func(c customers.Contact) bool { return c.ID == t.Note.ContactID }); i >= 0 {
			item.Title += ": " + d.Card.Contacts[i].Name
		}
	}
	return item
}

var touchIcons = map[customers.TouchKind]string{
	"note": "sticky-note", "call": "phone", "meeting": "users", "email": "mail", "message": "message-circle", "visit": "map-pin",
	customers.FileTouch: "paperclip", customers.ChangeTouch: "pencil",
}
