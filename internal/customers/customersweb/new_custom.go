package customersweb

import (
	"context"
	"fmt"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/phone"
	"kartoteka.dev/internal/platform/ui/field"
)

// customInput is the input of one of the company's own fields.
func customInput(ctx context.Context, def fields.Definition, typed []string, problem string) field.Props {
	f := field.Props{
		Name: def.Name(), Kind: customKinds[def.Type], Label: def.In(ctx), Hint: def.Hint, Required: def.Required, Error: problem,
		Values: typed, Suffix: i18n.Symbol(def.Currency),
	}
	if def.Currency == "" {
		f.Suffix = ""
	}
	if len(typed) > 0 {
		f.Value = typed[0]
	} else if def.Default != nil {
		f.Values = defaults(def.Default)
		f.Value = firstWord(f.Values)
	}
	switch def.Type {
	case fields.Choice, fields.Multi:
		f.Options = optionChoices(ctx, def, f.Values)
	case fields.YesNo:
		f.Options = []field.Option{{Value: "yes", Label: i18n.T(ctx, "common.yes")}, {Value: "no", Label: i18n.T(ctx, "common.no")}}
	}
	if f.Kind == field.Select {
		f.Blank = i18n.T(ctx, "customers.list-new.choose")
	}
	if f.Kind == field.Checks {
		f.Values = orNone(f.Values)
	}
	return f
}

// defaults are a field's default as its input takes it.
func defaults(v any) []string {
	switch v := v.(type) {
	case bool:
		if v {
			return []string{"yes"}
		}
		return []string{"no"}
	case []string:
		return v
	case []any:
		all := make([]string, len(v))
		for i, x := range v {
			all[i] = fmt.Sprint(x)
		}
		return all
	case fields.Amount:
		return []string{v.Amount}
	}
	return []string{fmt.Sprint(v)}
}

func firstWord(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// either is the problem of the first of these fields that has one.
func (f newForm) either(names ...string) string {
	for _, name := range names {
		if text := f.of(name); text != "" {
			return text
		}
	}
	return ""
}

// has tells whether the person may see a field.
func (f newForm) has(name string) bool {
	_, ok := f.schema.Field(name)
	return ok
}

func idOrNone(id int64) string {
	if id == 0 {
		return ""
	}
	return idText(id)
}

// whyText says by what a customer was found.
func whyText(ctx context.Context, h customers.Hit) string {
	switch h.Why.Kind {
	case "phone":
		return i18n.T(ctx, "customers.list-why.phone", "Text", phone.FormatIn(h.Why.Text, h.Country))
	case "email":
		return i18n.T(ctx, "customers.list-why.email", "Text", h.Why.Text)
	case "contact":
		return i18n.T(ctx, "customers.list-why.contact", "Text", h.Why.Text)
	case "tax":
		return i18n.T(ctx, "customers.list-why.tax", "Text", h.Why.Text)
	case "messenger":
		return h.Why.Text
	case "note":
		return i18n.T(ctx, "customers.list-why.note", "Text", h.Why.Text)
	case "file":
		return i18n.T(ctx, "customers.list-why.file", "Text", h.Why.Text)
	}
	return i18n.T(ctx, "customers.list-why.name")
}
