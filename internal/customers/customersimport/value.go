package customersimport

import (
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/phone"
	"kartoteka.dev/internal/platform/tabular"
)

// hanging reads what a customer can have several of, and custom fields.
func (in *reading) hanging(v imports.Value) {
	rec := in.rec
	switch v.Field {
	case "phone":
		rec.Points = append(rec.Points, in.phones(v)...)
	case "contact_phone":
		rec.contact.Points = append(rec.contact.Points, in.phones(v)...)
	case "email":
		rec.Points = append(rec.Points, in.emails(v)...)
	case "contact_email":
		rec.contact.Points = append(rec.contact.Points, in.emails(v)...)
	case "messenger":
		rec.Points = append(rec.Points, customers.Point{Kind: customers.Messenger, Value: v.Text})
	case "note":
		rec.notes = append(rec.notes, v.Text)
	case "other_address":
		rec.others = append(rec.others, split(v.Text, ";|\n")...)
	case "tags":
		for _, tag := range split(v.Text, ",;|\n") {
			if key := fold.Key(tag); key != "" && !slices.ContainsFunc(rec.Tags, func(t string) bool { return fold.Key(t) == key }) {
				rec.Tags = append(rec.Tags, tag)
			}
		}
	default:
		in.customValue(v)
	}
}

func (in *reading) customValue(v imports.Value) {
	d, ok := in.custom[v.Field]
	if !ok {
		return
	}
	parsed, err := fields.ParseText(d.Question, v.Text, fields.Writing{Decimal: v.Mark, Dates: v.Order})
	if err != nil {
		text, args := "imports.problem.refused", []any(nil)
		if bad := errs.FieldsOf(err); len(bad) > 0 {
			text, args = bad[0].Text.ID, bad[0].Text.Args
		}
		in.refuse(v, text, args...)
		return
	}
	if in.rec.Custom == nil {
		in.rec.Custom = map[string]any{}
	}
	in.rec.Custom[d.Slug] = parsed
}

// place reads a country or a language. A typing mistake is put right, with a
// note.
func (in *reading) place(v imports.Value, parse func(string) (string, bool), textID string) string {
	code, sure := parse(v.Text)
	switch {
	case code == "":
		in.refuse(v, textID, "Value", v.Text)
	case !sure:
		in.add(v, true, code, "imports.problem.taken-for", "Value", v.Text, "Taken", code)
	}
	return code
}

func (in *reading) owner(v imports.Value) {
	id := in.owners["email:"+strings.ToLower(v.Text)]
	if id == 0 {
		id = in.owners["name:"+fold.Key(v.Text)]
	}
	if id <= 0 {
		in.refuse(v, "imports.problem.owner-unknown", "Value", v.Text)
		return
	}
	in.rec.OwnerID = id
}

func (in *reading) day(v imports.Value) clock.Day {
	if day := yearless(v.Text); day != 0 {
		return day
	}
	day, how := tabular.ParseDate(v.Text, v.Order)
	if how == tabular.Unreadable {
		in.refuse(v, "errors.field-not-a-date", "Example", "2026-01-31")
		return 0
	}
	return day
}

// yearless reads a day whose year is not known: 0000-04-12. 0 means that it is
// none.
func yearless(s string) clock.Day {
	rest, ok := strings.CutPrefix(s, "0000-")
	if !ok {
		return 0
	}
	day, err := clock.ParseDay("2000-" + rest)
	if err != nil {
		return 0
	}
	return day % 10000
}

func (in *reading) country() string {
	if in.rec.Country != "" {
		return in.rec.Country
	}
	return in.defaults.Country
}

func (in *reading) phones(v imports.Value) []customers.Point {
	var points []customers.Point
	var texts []string
	for _, text := range split(v.Text, ";|\n") { // marks that are in no number
		if _, err := phone.Parse(text, in.country()); err != nil {
			texts = append(texts, split(text, ",/")...)
		} else {
			texts = append(texts, text)
		}
	}
	for _, text := range texts {
		n, err := phone.Parse(text, in.country())
		if err != nil {
			in.refuse(v, "errors.field-not-a-phone", "Example", phone.Example(in.country()))
			continue
		}
		points = append(points, customers.Point{Kind: customers.Phone, Value: n.E164, Extension: n.Ext})
	}
	return points
}

func (in *reading) emails(v imports.Value) []customers.Point {
	var points []customers.Point
	for _, text := range split(v.Text, ",;|\n ") {
		address, ok := normalEmail(text)
		if !ok {
			in.refuse(v, "errors.field-not-an-email")
			continue
		}
		points = append(points, customers.Point{Kind: customers.Email, Value: address})
	}
	return points
}

// reference names another customer: by number, external id or name.
func (in *reading) reference(v imports.Value) *imports.Reference {
	ref := &imports.Reference{Field: v.Field, Column: v.Column, Text: v.Text}
	if n := customers.ParseNumber(in.defaults.NumberPrefix, v.Text); n > 0 && in.defaults.NumberPrefix != "" && strings.HasPrefix(v.Text, in.defaults.NumberPrefix) {
		ref.Keys = append(ref.Keys, numberKey(n))
	}
	ref.Keys = append(ref.Keys, externalKey(in.source, v.Text), nameKey(v.Text))
	return ref
}

// split parts a cell that holds several values.
func split(text, marks string) []string {
	var parts []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// normalEmail is the address in the form that is kept.
func normalEmail(s string) (string, bool) {
	a, err := mail.ParseAddress(strings.TrimPrefix(s, "mailto:"))
	if err != nil || len(a.Address) > 254 {
		return "", false
	}
	at := strings.LastIndex(a.Address, "@")
	domain, err := idna.Lookup.ToASCII(a.Address[at+1:])
	if err != nil || !strings.Contains(domain, ".") || strings.ContainsAny(a.Address[:at], "\" ") {
		return "", false
	}
	shown, err := idna.Lookup.ToUnicode(domain)
	return strings.ToLower(a.Address[:at]) + "@" + shown, err == nil
}

// looksLikeLink tells a web address, with or without its scheme.
func looksLikeLink(s string) bool {
	rest, hasScheme := strings.CutPrefix(s, "https://")
	if !hasScheme {
		rest, _ = strings.CutPrefix(s, "http://")
	}
	host, _, _ := strings.Cut(rest, "/")
	return len(s) <= 500 && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(rest, " @\t\n")
}
