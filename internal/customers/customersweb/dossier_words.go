package customersweb

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/menu"
)

var pointIcons = map[customers.PointKind]string{
	customers.Phone: "phone", customers.Email: "mail", customers.Messenger: "message-circle", customers.Web: "globe",
}

// pointHref is what a device does with a point: call, write, open; "" nothing.
func pointHref(p customers.Point) string {
	switch p.Kind {
	case customers.Phone:
		if p.Extension != "" {
			return "tel:" + p.Value + ";ext=" + p.Extension
		}
		return "tel:" + p.Value
	case customers.Email:
		return "mailto:" + p.Value
	case customers.Web:
		if strings.HasPrefix(p.Value, "https://") || strings.HasPrefix(p.Value, "http://") {
			return p.Value
		}
		return "https://" + p.Value
	}
	return ""
}

// quick are the first phone and the first address to write to, the customer's
// own before those of contacts.
func (d dossierPage) quick() []customers.Point {
	all := append([]customers.Point(nil), d.Card.Points...)
	for _, c := range d.Card.Contacts {
		all = append(all, c.Points...)
	}
	var found []customers.Point
	for _, kind := range []customers.PointKind{customers.Phone, customers.Email} {
		var best *customers.Point
		for i := range all {
			if all[i].Kind == kind && (best == nil || all[i].Main && !best.Main) {
				best = &all[i]
			}
		}
		if best != nil {
			found = append(found, *best)
		}
	}
	return found
}

func quickLabel(ctx context.Context, p customers.Point) string {
	if p.Kind == customers.Phone {
		return i18n.T(ctx, "customers.dossier-head.call")
	}
	return i18n.T(ctx, "customers.dossier-head.write")
}

// actions are the lines of the dossier's menu.
func (d dossierPage) actions(ctx context.Context) []menu.Item {
	all := []menu.Item{
		{Label: i18n.T(ctx, "customers.dossier-head.read"), Icon: "book-open", Href: d.at("/read")},
		{Label: i18n.T(ctx, "customers.dossier-head.card"), Icon: "printer", Href: d.at("/card.pdf"), Attrs: templ.Attributes{"target": "_blank"}},
		{Label: i18n.T(ctx, "customers.dossier-head.dossier"), Icon: "file-text", Href: d.at("/dossier.pdf"), Attrs: templ.Attributes{"target": "_blank"}},
		{Label: i18n.T(ctx, "customers.dossier-head.vcard"), Icon: "download", Href: d.at("/card.vcf"), Attrs: templ.Attributes{"download": true}},
		{Label: i18n.T(ctx, "customers.dossier-head.why"), Icon: "key-round", Href: "/why?permission=customers.view&customer=" + idText(d.id())},
	}
	if d.may(ctx, merging.Right) {
		all = append(all, menu.Item{Label: i18n.T(ctx, "customers.merge.choose-title"), Icon: "git-merge", Href: d.at("/merge")})
	}
	if !d.may(ctx, "customers.archive") {
		return all
	}
	all = append(all, menu.Item{Line: true})
	if d.Card.State == customers.Archived {
		all = append(all, menu.Item{Label: i18n.T(ctx, "common.restore"), Icon: "archive-restore", Action: d.at("/state/restore")})
	} else {
		all = append(all, menu.Item{Label: i18n.T(ctx, "common.archive"), Icon: "archive", Action: d.at("/state/archive")})
	}
	if d.Card.Kind == customers.Person && authz.Can(ctx, "customers.erase") {
		all = append(all, menu.Item{Label: i18n.T(ctx, "customers.dossier-erase.title"), Icon: "trash-2", Danger: true, Opens: "erase-" + idText(d.id())})
	}
	return all
}

// numberLike writes another customer's number as this one's is written.
func (d dossierPage) numberLike(number int64) string {
	prefix := strings.TrimRight(d.Number, "0123456789")
	return customers.FormatNumber(prefix, number)
}

// partOpen tells that this small form came back and stays open.
func (d dossierPage) partOpen(key string) bool { return d.form.Key == key && d.form.any() }

// partValue is what an input of a small form shows: what was typed, or what is
// kept.
func (d dossierPage) partValue(key, name, kept string) string {
	if d.partOpen(key) {
		return d.form.Values.Get(name)
	}
	return kept
}

func (d dossierPage) partProblem(key, name string) string {
	if d.form.Key != key {
		return ""
	}
	return d.form.of(name)
}

// addressText is an address in one line.
func addressText(ctx context.Context, a customers.Address) string {
	var all []string
	for _, s := range []string{strings.ReplaceAll(a.Street, "\n", ", "), strings.TrimSpace(a.Postcode + " " + a.City), a.Region, countryName(ctx, a.Country)} {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, ", ")
}

func onIf(yes bool) string {
	if yes {
		return "on"
	}
	return ""
}

// composedKinds are the kinds of what happened in the order they are offered:
// the most usual first.
var composedKinds = []customers.NoteKind{
	customers.CallNote, customers.MeetingNote, customers.MessageNote, customers.EmailNote, customers.VisitNote, customers.PlainNote,
}

func (d dossierPage) composedKind() customers.NoteKind {
	if k := d.composed("kind"); k != "" {
		return customers.NoteKind(k)
	}
	return customers.CallNote
}

// partPath is where a small form is sent, within the dossier.
func partPath(kind string, part int64) string {
	if part == 0 {
		return "/parts/" + kind
	}
	return "/parts/" + kind + "/" + idText(part)
}

func (d dossierPage) partAt(kind string, part int64) string { return d.at(partPath(kind, part)) }

// partSend has a script send a small form and put the part of the page it
// stands in anew.
func partSend(d dossierPage, path string) templ.Attributes {
	return templ.Attributes{"hx-post": d.at(path), "hx-target": "#side-" + idText(d.id()), "hx-swap": "outerHTML"}
}

// reachPoint is a point with whose it is; "" for the customer's own.
type reachPoint struct {
	customers.Point
	contact string
}

func (d dossierPage) allPoints() []reachPoint {
	var all []reachPoint
	for _, p := range d.Card.Points {
		all = append(all, reachPoint{p, ""})
	}
	for _, c := range d.Card.Contacts {
		for _, p := range c.Points {
			all = append(all, reachPoint{p, c.Name})
		}
	}
	return all
}

func fileHref(f customers.File, rest string) string {
	return customerPath(f.CustomerID) + "/files/" + idText(f.ID) + rest
}

// showHref shows a file where a browser can, and downloads it where not.
func showHref(f customers.File) string { return fileHref(f, "?show=1") }

func customHeading(ctx context.Context, g customers.SheetGroup) string {
	if g.Heading == "" {
		return i18n.T(ctx, "customers.dossier-card.more")
	}
	return g.Heading
}

func unitsHref(id int64) string { return related("parent", id) }

func recommendedHref(id int64) string { return related("recommended_by", id) }

// related is the list of the customers that point at this one.
func related(name string, id int64) string {
	return address{}.with(filter.Where(name, filter.Is, idText(id))).href()
}
