package fieldsweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/money"
	"kartoteka.dev/internal/platform/tabular"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
)

// asked is one question as typed. Prefix stands before the names of its
// inputs and its problems: "" for a field, "questions.0." in a form. The
// embedded question's options are those kept before, as they are to be named.
type asked struct {
	fields.Question
	Prefix  string
	Action  string           // where the form it stands in is sent
	Added   string           // new options, one a line
	Default []string         // as inputs send it
	present *fields.Question // what it replaces
}

// askedOf is a question ready to be edited.
func askedOf(q fields.Question, prefix string) asked {
	return asked{Question: q, Prefix: prefix, Default: rawDefault(q.Default), present: &q}
}

// rawDefault is a default in the way inputs hold it.
func rawDefault(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case bool:
		return []string{strconv.FormatBool(v)}
	case fields.Amount:
		return []string{v.Amount}
	case []string:
		return v
	}
	return nil
}

// readAsked reads one question of a form.
func readAsked(in *web.Form, prefix string, present *fields.Question) asked {
	a := asked{Prefix: prefix, Added: in.Lines(prefix + "options"), Default: in.All(prefix + "default"), present: present}
	a.Slug, a.Label, a.Hint = in.Text(prefix+"slug"), in.Text(prefix+"label"), in.Text(prefix+"hint")
	a.Type, a.Currency = fields.Type(in.Text(prefix+"type")), in.Text(prefix+"currency")
	a.Required, a.Heading = in.Flag(prefix+"required"), in.Text(prefix+"heading")
	a.Labels = map[i18n.Lang]string{}
	for _, lang := range i18n.Langs {
		if text := in.Text(prefix + "label-" + string(lang)); text != "" {
			a.Labels[lang] = text
		}
	}
	a.Options = readOptions(in, prefix+"option.", present)
	return a
}

// question is what is asked, with the present slugs of its options; what
// cannot be read is noted in in.
func (a asked) question(in *web.Form) fields.Question {
	q := a.Question
	q.Options = nil
	if a.chosen() {
		q.Options = slices.Concat(a.Options, a.added())
	}
	if q.Type != fields.Money {
		q.Currency = ""
	}
	v, err := fields.ParseText(q, strings.Join(a.Default, "\n"), fields.Writing{Dates: tabular.YMD})
	for _, bad := range errs.FieldsOf(err) {
		in.Errors = append(in.Errors, errs.FieldError{Name: a.Prefix + "default", Text: bad.Text})
	}
	q.Default = v
	return q
}

func (a asked) sentTo(action string) asked {
	a.Action = action
	return a
}

func (a asked) chosen() bool { return a.Type == fields.Choice || a.Type == fields.Multi }

func (a asked) id(name string) string { return "f-" + a.Prefix + name }

func typeOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, t := range fields.Types {
		all = append(all, field.Option{Value: string(t), Label: i18n.T(ctx, t.Label())})
	}
	return all
}

func currencyOptions() []field.Option {
	var all []field.Option
	for _, code := range money.Currencies() {
		all = append(all, field.Option{Value: code, Label: code})
	}
	return all
}

func orWord(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}
