package customersapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/platform/api"
)

func (o operations) registerFields(a *api.API) {
	api.Register(a, api.Operation{
		ID: "list-fields", Method: http.MethodGet, Path: "/api/v1/fields", Group: group,
		Summary: "List the company's own fields in their order",
	}, o.fields)
}

// Field is a field of the company's own; its value stands under custom.
type Field struct {
	Slug       string   `json:"slug" doc:"The name in custom; in filters: custom.SLUG."`
	RecordType string   `json:"record_type" example:"customer"`
	Label      string   `json:"label" doc:"In the language of Accept-Language, if the company gave one."`
	Hint       string   `json:"hint,omitempty"`
	Type       string   `json:"type" enum:"text,long-text,number,money,date,choice,multi-choice,yes-no,link"`
	Currency   string   `json:"currency,omitempty" doc:"Of money."`
	Required   bool     `json:"required"`
	Heading    string   `json:"heading,omitempty" doc:"The group it is shown in."`
	Options    []Option `json:"options,omitempty" doc:"What can be chosen."`
	Archived   bool     `json:"archived,omitempty"`
}

// Option is one answer of a choice.
type Option struct {
	Slug     string `json:"slug"`
	Label    string `json:"label"`
	Archived bool   `json:"archived,omitempty"`
}

type fieldsInput struct {
	RecordType string `query:"record_type" default:"customer"`
}

func (o operations) fields(ctx context.Context, in *fieldsInput) (*struct{ Body api.List[Field] }, error) {
	all, err := o.Fields.Fields(ctx, in.RecordType)
	if err != nil {
		return nil, err
	}
	items := make([]Field, len(all))
	for i, f := range all {
		items[i] = Field{
			Slug: f.Slug, RecordType: f.RecordType, Label: f.In(ctx), Hint: f.Hint, Type: string(f.Type), Currency: f.Currency,
			Required: f.Required, Heading: f.Heading, Archived: f.Archived,
		}
		for _, option := range f.Options {
			items[i].Options = append(items[i].Options, Option{option.Slug, option.In(ctx), option.Archived})
		}
	}
	return &struct{ Body api.List[Field] }{api.ListOf(items, "")}, nil
}
