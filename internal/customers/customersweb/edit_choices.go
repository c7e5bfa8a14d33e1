package customersweb

import (
	"context"
	"net/http"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
)

// typed is how browsers send days and numbers.
var typed = fields.Writing{Dates: tabular.YMD}

const choicesShown = 12

// showChoices answers what a combobox asks for.
func (p *Pages) showChoices(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), strings.TrimSpace(clip(r.URL.Query().Get("q"), 100))
	var all []field.Option
	switch r.PathValue("list") {
	case "countries":
		all = matching(countryOptions(ctx), q)
	case "languages":
		all = matching(languageOptions(ctx), q)
	case "zones":
		all = matching(zoneOptions(), q)
	case "sources":
		sources, err := p.customers.Sources(ctx)
		if err != nil {
			return err
		}
		all = matching(directory{sources: sources}.sourceOptions(ctx), q)
	case "customers":
		hits, err := p.customers.Search(ctx, q, choicesShown)
		if err != nil {
			return err
		}
		d, err := p.directory(ctx)
		if err != nil {
			return err
		}
		for _, h := range hits {
			all = append(all, field.Option{Value: idText(h.ID), Label: h.Name, Hint: d.number(h.Number)})
		}
	default:
		return errs.New(errs.NotFound, "customersweb.showChoices", "errors.page-not-found")
	}
	return web.Render(w, r, field.Matches(firstOf(all, min(len(all), choicesShown))))
}

// zoneOptions are the places whose time a customer may keep.
func zoneOptions() []field.Option {
	names := clock.Zones()
	all := make([]field.Option, len(names))
	for i, n := range names {
		all[i] = field.Option{Value: n, Label: zoneName(n)}
	}
	return all
}

// zoneName writes a zone as people read it.
func zoneName(zone string) string { return strings.ReplaceAll(zone, "_", " ") }

// matching keeps the options whose name holds what was typed, in any script.
func matching(all []field.Option, q string) []field.Option {
	word := fold.Key(q)
	if word == "" {
		return all
	}
	var kept []field.Option
	for _, o := range all {
		if strings.Contains(fold.Key(o.Label), word) {
			kept = append(kept, o)
		}
	}
	return kept
}

func ownerOptions(_ context.Context, d dossierPage) []field.Option {
	return d.dir.peopleOptions(idText(d.Card.OwnerID))
}

func channelOptions(ctx context.Context, _ dossierPage) []field.Option {
	all := make([]field.Option, len(customers.Channels))
	for i, c := range customers.Channels {
		all[i] = field.Option{Value: string(c), Label: channelName(ctx, c)}
	}
	return all
}

func channelName(ctx context.Context, c customers.Channel) string {
	switch c {
	case customers.ByPhone:
		return i18n.T(ctx, "customers.value.phone")
	case customers.ByEmail:
		return i18n.T(ctx, "customers.value.email")
	case customers.ByMessenger:
		return i18n.T(ctx, "customers.value.messenger")
	case customers.ByVisit:
		return i18n.T(ctx, "customers.value.visit")
	case customers.ByPost:
		return i18n.T(ctx, "customers.value.post")
	}
	return ""
}

func pointKindName(ctx context.Context, k customers.PointKind) string {
	switch k {
	case customers.Phone:
		return i18n.T(ctx, "customers.value.phone")
	case customers.Email:
		return i18n.T(ctx, "customers.value.email")
	case customers.Messenger:
		return i18n.T(ctx, "customers.value.messenger")
	case customers.Web:
		return i18n.T(ctx, "customers.value.web")
	}
	return string(k)
}

func pointKindOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, k := range []customers.PointKind{customers.Phone, customers.Email, customers.Messenger, customers.Web} {
		all = append(all, field.Option{Value: string(k), Label: pointKindName(ctx, k)})
	}
	return all
}

func relationName(r *customers.Relation) string {
	if r == nil {
		return ""
	}
	return r.Name
}

// dayText writes a day; one whose year is not known without it.
func dayText(ctx context.Context, d clock.Day) string {
	switch {
	case d == 0:
		return ""
	case d < 10000:
		return i18n.DayMonth(ctx, d+20000000)
	}
	return i18n.Date(ctx, d)
}

// questionField is the input for an answer to a question of the company's own.
func questionField(ctx context.Context, q fields.Question, value any) field.Props {
	f := field.Props{Name: q.Slug, Label: q.In(ctx), Hint: q.Hint, Required: q.Required, Complete: "off"}
	if value != nil {
		f.Values = defaults(value)
		f.Value = firstWord(f.Values)
	}
	for _, o := range q.Options {
		if !o.Archived || o.Slug == f.Value {
			f.Options = append(f.Options, field.Option{Value: o.Slug, Label: o.In(ctx)})
		}
	}
	switch q.Type {
	case fields.LongText:
		f.Kind = field.Textarea
	case fields.Date:
		f.Kind = field.Date
	case fields.Link:
		f.Kind = field.URL
	case fields.Money:
		f.Suffix = i18n.Symbol(q.Currency)
	case fields.Choice:
		f.Kind, f.Blank = field.Select, i18n.T(ctx, "common.none")
	case fields.Multi:
		f.Kind = field.Checks
	case fields.YesNo:
		f.Kind, f.Blank = field.Select, i18n.T(ctx, "common.none")
		f.Options = []field.Option{{Value: "yes", Label: i18n.T(ctx, "common.yes")}, {Value: "no", Label: i18n.T(ctx, "common.no")}}
	}
	return f
}
