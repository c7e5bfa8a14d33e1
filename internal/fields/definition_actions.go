package fields

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// Fields gives the fields of a record type in order, archived ones included;
// from memory, open to every signed-in actor.
func (s *Service) Fields(ctx context.Context, recordType string) ([]Definition, error) {
	if err := authz.RequireSomeone(ctx, "fields.Fields"); err != nil {
		return nil, err
	}
	c, err := s.current(ctx, nil)
	if err != nil {
		return nil, err
	}
	return slices.Clone(c.of(recordType)), nil
}

// FindField gives one field, archived or not; from memory.
func (s *Service) FindField(ctx context.Context, id int64) (Definition, error) {
	const op = "fields.FindField"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return Definition{}, err
	}
	c, err := s.current(ctx, nil)
	if err != nil {
		return Definition{}, err
	}
	d, ok := c.field(id)
	if !ok {
		return Definition{}, errs.New(errs.NotFound, op, "fields.error.field-not-found")
	}
	return d, nil
}

// CreateField adds a field behind the others of its record type.
func (s *Service) CreateField(ctx context.Context, in NewField) (Definition, error) {
	const op = "fields.CreateField"
	if _, err := authz.Require(ctx, op, "fields.manage"); err != nil {
		return Definition{}, err
	}
	if !slices.Contains(s.recordTypes, in.RecordType) {
		return Definition{}, errs.InvalidFields(op, errs.Field("record_type", "errors.field-not-chosen"))
	}
	q, bad := in.settled(nil, "")
	if q.Slug != "" && !validSlug(q.Slug) {
		bad = append(bad, errs.Field("slug", "fields.error.slug-wrong", "Max", maxSlug))
	}
	if len(bad) > 0 {
		return Definition{}, errs.InvalidFields(op, bad...)
	}
	d := Definition{RecordType: in.RecordType, Question: q, Version: 1}
	err := s.change(ctx, op, func(tx *db.Tx) error {
		others, err := definitionsOf(ctx, tx, d.RecordType)
		if err != nil {
			return err
		}
		if len(others) >= MaxFields {
			return errs.New(errs.Invalid, op, "fields.error.too-many", "Max", MaxFields)
		}
		if d.Slug == "" {
			d.Slug = slugOf(d.Label, fieldSlugs(others))
		}
		if len(others) > 0 {
			d.Position = others[len(others)-1].Position + 1
		}
		if d.ID, err = insertDefinition(ctx, tx, op, d); err != nil {
			return err
		}
		return write(ctx, tx, "fields.field_created", fieldRef(d.ID), nil, d)
	})
	return d, err
}

// ChangeField replaces what a field asks. Its slug stays; its type and currency
// too once records have values, and options in use are archived when they are
// left out.
func (s *Service) ChangeField(ctx context.Context, id int64, in FieldChange) (Definition, error) {
	const op = "fields.ChangeField"
	if _, err := authz.Require(ctx, op, "fields.manage"); err != nil {
		return Definition{}, err
	}
	var after Definition
	err := s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findDefinition(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if in.Version != 0 && in.Version != before.Version {
			return errs.New(errs.Conflict, op, "errors.kind-conflict-title")
		}
		after, err = s.changed(ctx, tx, op, before, in.Question)
		if err != nil {
			return err
		}
		if err := updateDefinition(ctx, tx, after); err != nil {
			return err
		}
		return write(ctx, tx, "fields.field_changed", fieldRef(id), before, after)
	})
	return after, err
}

// changed is the field with the question, if its values allow it.
func (s *Service) changed(ctx context.Context, tx *db.Tx, op string, d Definition, q Question) (Definition, error) {
	given := q.Slug
	q.Slug = d.Slug
	settled, bad := q.settled(&d.Question, "")
	if given != "" && given != d.Slug {
		bad = append(bad, errs.Field("slug", "fields.error.slug-fixed"))
	}
	if settled.Type != d.Type || settled.Currency != d.Currency {
		used, err := hasValues(ctx, tx, d)
		if err != nil {
			return d, err
		}
		switch {
		case used && settled.Type != d.Type:
			bad = append(bad, errs.Field("type", "fields.error.type-in-use"))
		case used:
			bad = append(bad, errs.Field("currency", "fields.error.currency-in-use"))
		}
	}
	if len(bad) > 0 {
		return d, errs.InvalidFields(op, bad...)
	}
	if settled.Type.chosen() {
		for _, o := range d.Options {
			if _, kept := settled.Option(o.Slug); kept {
				continue
			}
			used, err := optionUsed(ctx, tx, d.ID, o.Slug)
			if err != nil {
				return d, err
			}
			if used {
				o.Archived = true
				settled.Options = append(settled.Options, o)
			}
		}
	}
	d.Question = settled
	d.Version++
	return d, nil
}

// ArchiveField takes a field out of forms, filters and lists. Its values stay
// and come back with RestoreField.
func (s *Service) ArchiveField(ctx context.Context, id int64) error {
	const op = "fields.ArchiveField"
	if _, err := authz.Require(ctx, op, "fields.manage"); err != nil {
		return err
	}
	return s.setArchived(ctx, op, id, true)
}

// RestoreField brings an archived field back.
func (s *Service) RestoreField(ctx context.Context, id int64) error {
	const op = "fields.RestoreField"
	if _, err := authz.Require(ctx, op, "fields.manage"); err != nil {
		return err
	}
	return s.setArchived(ctx, op, id, false)
}

func (s *Service) setArchived(ctx context.Context, op string, id int64, archived bool) error {
	return s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findDefinition(ctx, tx, op, id)
		if err != nil || before.Archived == archived {
			return err
		}
		after := before
		after.Archived = archived
		after.Version++
		if err := updateDefinition(ctx, tx, after); err != nil {
			return err
		}
		kind := "fields.field_restored"
		if archived {
			kind = "fields.field_archived"
		}
		return write(ctx, tx, kind, fieldRef(id), before, after)
	})
}

// ReorderFields puts the fields of a record type in the order of ids; those
// left out follow as they were.
func (s *Service) ReorderFields(ctx context.Context, recordType string, ids []int64) error {
	const op = "fields.ReorderFields"
	if _, err := authz.Require(ctx, op, "fields.manage"); err != nil {
		return err
	}
	return s.change(ctx, op, func(tx *db.Tx) error {
		all, err := definitionsOf(ctx, tx, recordType)
		if err != nil {
			return err
		}
		before := fieldSlugs(all)
		slices.SortStableFunc(all, func(a, b Definition) int { return rank(ids, a.ID) - rank(ids, b.ID) })
		after := fieldSlugs(all)
		if slices.Equal(before, after) {
			return nil
		}
		for i, d := range all {
			if d.Position == i {
				continue
			}
			d.Position = i
			if err := updateDefinition(ctx, tx, d); err != nil {
				return err
			}
		}
		return write(ctx, tx, "fields.fields_reordered", journal.Ref{Type: "fields"},
			order{recordType, before}, order{recordType, after})
	})
}

// order is what the journal keeps of a new order.
type order struct {
	RecordType string   `json:"record_type"`
	Slugs      []string `json:"slugs"`
}

// rank is the place of the id; behind all others if it is not there.
func rank(ids []int64, id int64) int {
	if i := slices.Index(ids, id); i >= 0 {
		return i
	}
	return len(ids)
}

func fieldSlugs(all []Definition) []string {
	slugs := make([]string, len(all))
	for i, d := range all {
		slugs[i] = d.Slug
	}
	return slugs
}

func fieldRef(id int64) journal.Ref { return journal.Ref{Type: "field", ID: id} }

func write(ctx context.Context, tx *db.Tx, kind string, ref journal.Ref, before, after any) error {
	_, err := journal.Write(ctx, tx, journal.Entry{Kind: kind, Subject: ref, Before: before, After: after})
	return errs.Wrap(kind, err)
}
