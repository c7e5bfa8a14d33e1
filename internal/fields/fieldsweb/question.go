package fieldsweb

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/money"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
)

// asked is one question as typed. Prefix stands before the names of its
// inputs and its problems: "" for a field, "questions.0." in a form.
type asked struct {
	fields.Question
	Prefix  string
	Options string // one a line
	Default string
	present *fields.Question // what it replaces
}

// askedOf is a question ready to be edited.
func askedOf(ctx context.Context, q fields.Question, prefix string) asked {
	a := asked{Question: q, Prefix: prefix, Default: fields.Display(ctx, q, q.Default), present: &q}
	var names []string
	for _, o := range q.Options {
		if !o.Archived {
			names = append(names, o.Label)
		}
	}
	a.Options = strings.Join(names, "\n")
	return a
}

// readAsked reads one question of a form.
func readAsked(in *web.Form, prefix string, present *fields.Question) asked {
	a := asked{Prefix: prefix, Options: in.Lines(prefix + "options"), Default: in.Text(prefix + "default"), present: present}
	a.Slug, a.Label, a.Hint = in.Text(prefix+"slug"), in.Text(prefix+"label"), in.Text(prefix+"hint")
	a.Type, a.Currency = fields.Type(in.Text(prefix+"type")), in.Text(prefix+"currency")
	a.Required, a.Heading = in.Flag(prefix+"required"), in.Text(prefix+"heading")
	a.Labels = map[i18n.Lang]string{}
	for _, lang := range i18n.Langs {
		if text := in.Text(prefix + "label-" + string(lang)); text != "" {
			a.Labels[lang] = text
		}
	}
	return a
}

// question is what is asked, with the present slugs of its options; what
// cannot be read is noted in in.
func (a asked) question(in *web.Form) fields.Question {
	q := a.Question
	q.Options = nil
	if a.chosen() {
		for line := range strings.Lines(a.Options) {
			if line = strings.TrimSpace(line); line != "" {
				q.Options = append(q.Options, a.option(line))
			}
		}
	}
	if q.Type != fields.Money {
		q.Currency = ""
	}
	if a.Default == "" {
		return q
	}
	v, err := fields.ParseText(q, a.Default, fields.Writing{})
	for _, bad := range errs.FieldsOf(err) {
		in.Errors = append(in.Errors, errs.FieldError{Name: a.Prefix + "default", Text: bad.Text})
	}
	q.Default = v
	return q
}

// option keeps the translations of an option that is there already.
func (a asked) option(name string) fields.Option {
	if a.present != nil {
		i := slices.IndexFunc(a.present.Options, func(o fields.Option) bool { return strings.EqualFold(o.Label, name) })
		if i >= 0 {
			o := a.present.Options[i]
			o.Archived = false
			return o
		}
	}
	return fields.Option{Words: fields.Words{Label: name}}
}

func (a asked) chosen() bool { return a.Type == fields.Choice || a.Type == fields.Multi }

func (a asked) id(name string) string { return "f-" + a.Prefix + name }

func (a asked) required() string {
	if a.Required {
		return "on"
	}
	return ""
}

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
