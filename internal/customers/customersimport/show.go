package customersimport

import (
	"context"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/phone"
)

// Show implements imports.Run.
func (r *run) Show(ctx context.Context, p imports.Prepared) []imports.Shown {
	rec, ok := p.Record.(*record)
	if !ok {
		return nil
	}
	var shown []imports.Shown
	for _, k := range known {
		if text := r.text(ctx, k.name, rec); text != "" {
			shown = append(shown, imports.Shown{Field: k.name, Label: i18n.T(ctx, k.label), Text: text})
		}
	}
	for name, d := range r.custom {
		if v, ok := rec.Custom[d.Slug]; ok {
			shown = append(shown, imports.Shown{Field: name, Label: d.In(ctx), Text: fields.Display(ctx, d.Question, v)})
		}
	}
	return shown
}

// text is one field as the reader's language writes it.
func (r *run) text(ctx context.Context, field string, rec *record) string {
	switch field {
	case "first_name", "middle_name", "last_name", "number": // in the name; given anew
		return ""
	case "kind":
		return kindText(ctx, rec.Kind)
	case "country":
		return countryName(i18n.From(ctx).Lang, rec.Country)
	case "language":
		return rec.Language
	case "website":
		return rec.Website
	case "preferred_channel":
		return string(rec.PreferredChannel)
	case "birthday":
		return dayText(ctx, rec.Birthday)
	case "contact_birthday":
		return dayText(ctx, rec.contact.Birthday)
	case "note":
		return strings.Join(rec.notes, "\n")
	case "other_address":
		return strings.Join(rec.others, "; ")
	case "do_not_contact_before":
		return i18n.Date(ctx, rec.DoNotContactBefore)
	case "parent":
		return refText(rec.parent)
	case "recommended_by":
		return refText(rec.by)
	case "tags":
		return strings.Join(rec.Tags, ", ")
	case "phone":
		return pointsText(rec.Points, customers.Phone)
	case "email":
		return pointsText(rec.Points, customers.Email)
	case "messenger":
		return pointsText(rec.Points, customers.Messenger)
	case "contact_phone":
		return pointsText(rec.contact.Points, customers.Phone)
	case "contact_email":
		return pointsText(rec.contact.Points, customers.Email)
	case "owner":
		return r.names[rec.OwnerID]
	}
	if line := (&reading{run: r, rec: rec}).line(field); line != nil {
		return *line
	}
	return ""
}

// dayText writes a day; of one whose year is not known, day and month.
func dayText(ctx context.Context, d clock.Day) string {
	if year, _, _ := d.Parts(); year == 0 && d != 0 {
		return i18n.DayMonth(ctx, d+2000*10000) // a leap year
	}
	return i18n.Date(ctx, d)
}

func kindText(ctx context.Context, k customers.Kind) string {
	if k == customers.Person {
		return i18n.T(ctx, "imports.customers.kind-person")
	}
	return i18n.T(ctx, "imports.customers.kind-organisation")
}

func refText(ref *imports.Reference) string {
	if ref == nil {
		return ""
	}
	return ref.Text
}

func pointsText(points []customers.Point, kind customers.PointKind) string {
	var all []string
	for _, p := range points {
		if p.Kind != kind {
			continue
		}
		text := p.Value
		if kind == customers.Phone {
			text = phone.Format(p.Value)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
