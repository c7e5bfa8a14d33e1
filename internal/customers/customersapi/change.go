package customersapi

import (
	"context"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/clock"
)

// CustomerChange is what to change of a customer.
type CustomerChange struct {
	Kind               api.Optional[string] `json:"kind,omitempty"`
	Name               api.Optional[string] `json:"name,omitempty" example:"Rila Trade"`
	LegalName          api.Optional[string] `json:"legal_name,omitempty"`
	ParentID           api.Optional[int64]  `json:"parent_id,omitempty"`
	OwnerID            api.Optional[int64]  `json:"owner_id,omitempty"`
	TeamID             api.Optional[int64]  `json:"team_id,omitempty"`
	Language           api.Optional[string] `json:"language,omitempty"`
	Country            api.Optional[string] `json:"country,omitempty"`
	TimeZone           api.Optional[string] `json:"time_zone,omitempty"`
	TaxID              api.Optional[string] `json:"tax_id,omitempty"`
	VATID              api.Optional[string] `json:"vat_id,omitempty"`
	Website            api.Optional[string] `json:"website,omitempty"`
	Source             api.Optional[string] `json:"source,omitempty" doc:"By name; a new one is added."`
	SourceID           api.Optional[int64]  `json:"source_id,omitempty"`
	SourceNote         api.Optional[string] `json:"source_note,omitempty"`
	RecommendedByID    api.Optional[int64]  `json:"recommended_by_id,omitempty"`
	Terms              api.Optional[string] `json:"terms,omitempty"`
	PreferredChannel   api.Optional[string] `json:"preferred_channel,omitempty"`
	AddressForm        api.Optional[string] `json:"address_form,omitempty"`
	Competitors        api.Optional[string] `json:"competitors,omitempty"`
	DoNotContactBefore api.Optional[string] `json:"do_not_contact_before,omitempty"`
	Birthday           api.Optional[string] `json:"birthday,omitempty"`
	ExternalSource     api.Optional[string] `json:"external_source,omitempty"`
	ExternalID         api.Optional[string] `json:"external_id,omitempty"`
	Custom             api.Values           `json:"custom,omitempty"`
}

type changeInput struct {
	api.Expected
	ByID
	Body CustomerChange
}

func (o operations) change(ctx context.Context, in *changeInput) (*found, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := in.Body.patch()
	if err != nil {
		return nil, err
	}
	if _, err := o.Customers.Change(ctx, in.ID, version, p); err != nil {
		return nil, err
	}
	return o.find(ctx, &in.ByID)
}

func (c CustomerChange) patch() (customers.Patch, error) {
	before, err := dayOf("do_not_contact_before", c.DoNotContactBefore)
	if err != nil {
		return customers.Patch{}, err
	}
	birthday, err := dayOf("birthday", c.Birthday)
	if err != nil {
		return customers.Patch{}, err
	}
	return customers.Patch{
		Kind: as[customers.Kind](c.Kind), Name: c.Name.Pointer(), LegalName: c.LegalName.Pointer(),
		ParentID: c.ParentID.Pointer(), OwnerID: c.OwnerID.Pointer(), TeamID: c.TeamID.Pointer(),
		Language: c.Language.Pointer(), Country: c.Country.Pointer(), TimeZone: c.TimeZone.Pointer(),
		TaxID: c.TaxID.Pointer(), VATID: c.VATID.Pointer(), Website: c.Website.Pointer(),
		SourceID: c.SourceID.Pointer(), SourceName: c.Source.Pointer(), SourceNote: c.SourceNote.Pointer(),
		RecommendedByID: c.RecommendedByID.Pointer(), Terms: c.Terms.Pointer(),
		PreferredChannel: as[customers.Channel](c.PreferredChannel), AddressForm: c.AddressForm.Pointer(),
		Competitors: c.Competitors.Pointer(), DoNotContactBefore: before, Birthday: birthday,
		ExternalSource: c.ExternalSource.Pointer(), ExternalID: c.ExternalID.Pointer(), Custom: c.Custom,
	}, nil
}

func as[T ~string](o api.Optional[string]) *T {
	if !o.Set {
		return nil
	}
	v := T(o.Value)
	return &v
}

func dayOf(field string, o api.Optional[string]) (*clock.Day, error) {
	if !o.Set {
		return nil, nil // nothing to change
	}
	d, err := day(field, o.Value)
	return &d, err
}

type removeInput struct {
	api.Expected
	ByID
	Erase bool `query:"erase" doc:"Destroy a person's data for good."`
}

func (o operations) remove(ctx context.Context, in *removeInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if in.Erase {
		return nil, o.Customers.Erase(ctx, in.ID, version)
	}
	return nil, o.Customers.Archive(ctx, in.ID, version)
}

func (o operations) restore(ctx context.Context, in *OfCustomer) (*found, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := o.Customers.Restore(ctx, in.ID, version); err != nil {
		return nil, err
	}
	return o.find(ctx, &in.ByID)
}
