package fields

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Start checks the values a new record is to have and adds the defaults of
// fields that are left out. Required fields without a value are errs.Invalid.
// What it gives is for Write.
func (s *Service) Start(ctx context.Context, recordType string, values map[string]any) (map[string]any, error) {
	const op = "fields.Start"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, err
	}
	c, err := s.current(ctx, nil)
	if err != nil {
		return nil, err
	}
	out := maps.Clone(values)
	if out == nil {
		out = map[string]any{}
	}
	defs := c.of(recordType)
	for _, d := range defs {
		if _, given := out[d.Slug]; !given && !d.Archived && d.Default != nil {
			out[d.Slug] = d.Default
		}
	}
	_, bad := check(defs, out, nil)
	for _, d := range defs {
		if _, given := out[d.Slug]; !given && d.Required && !d.Archived {
			bad = append(bad, errs.Field(d.Name(), "errors.field-missing"))
		}
	}
	if len(bad) > 0 {
		return nil, errs.InvalidFields(op, bad...)
	}
	return out, nil
}

// Write checks and keeps values of one record, and gives what they were and
// what they are now: only those that changed, nil for no value, and nil maps
// if none did. Slugs left out stay as they are; nil empties a field. Values
// that cannot be kept are errs.Invalid, each as custom.SLUG, and nothing is
// written then. The caller has checked the right to change the record.
func (s *Service) Write(ctx context.Context, tx *db.Tx, recordType string, recordID int64, values map[string]any) (before, after map[string]any, err error) {
	const op = "fields.Write"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, nil, err
	}
	if len(values) == 0 {
		return nil, nil, nil
	}
	c, err := s.current(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	had, err := valuesOf(ctx, tx, recordType, recordID)
	if err != nil {
		return nil, nil, errs.Wrap(op, err)
	}
	wanted, bad := check(c.of(recordType), values, had)
	if len(bad) > 0 {
		return nil, nil, errs.InvalidFields(op, bad...)
	}
	for _, w := range wanted {
		was := had[w.field.ID]
		if reflect.DeepEqual(was, w.cells) {
			continue
		}
		if before == nil {
			before, after = map[string]any{}, map[string]any{}
		}
		before[w.field.Slug], after[w.field.Slug] = w.field.value(was), w.field.value(w.cells)
		if err := replace(ctx, tx, recordID, w, len(was) > 0); err != nil {
			return nil, nil, errs.Wrap(op, err)
		}
	}
	return before, after, nil
}

// WriteNew is Write for many records at once, which have no values yet; values
// and what each record has now are in the order of the ids.
func (s *Service) WriteNew(ctx context.Context, tx *db.Tx, recordType string, ids []int64, values []map[string]any) ([]map[string]any, error) {
	const op = "fields.WriteNew"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, err
	}
	out := make([]map[string]any, len(ids))
	if !slices.ContainsFunc(values, func(v map[string]any) bool { return len(v) > 0 }) {
		return out, nil
	}
	c, err := s.current(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows := newValueRows()
	for i, id := range ids {
		wanted, bad := check(c.of(recordType), values[i], nil)
		if len(bad) > 0 {
			return nil, errs.InvalidFields(op, bad...)
		}
		for _, w := range wanted {
			if len(w.cells) == 0 {
				continue
			}
			if out[i] == nil {
				out[i] = map[string]any{}
			}
			out[i][w.field.Slug] = w.field.value(w.cells)
			addCells(rows, w.field, id, w.cells)
		}
	}
	return out, errs.Wrap(op, rows.Insert(ctx, tx))
}

func replace(ctx context.Context, tx *db.Tx, recordID int64, w answer, filled bool) error {
	if filled {
		if err := deleteValue(ctx, tx, w.field.RecordType, recordID, w.field.ID); err != nil {
			return err
		}
	}
	rows := newValueRows()
	addCells(rows, w.field, recordID, w.cells)
	return rows.Insert(ctx, tx)
}

// answer is a checked value of a field.
type answer struct {
	field Definition
	cells []cell
}

// check reads values for the fields they name; had is what the record has.
func check(defs []Definition, values map[string]any, had map[int64][]cell) (wanted []answer, bad []errs.FieldError) {
	for _, slug := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(defs, func(d Definition) bool { return d.Slug == slug })
		if i < 0 || defs[i].Archived {
			bad = append(bad, errs.Field(namePrefix+slug, "fields.error.no-such-field", "Slug", slug))
			continue
		}
		d := defs[i]
		cells, trouble := d.read(values[slug], had[d.ID])
		switch {
		case trouble != nil:
			bad = append(bad, trouble.field(d.Name()))
		case len(cells) == 0 && d.Required:
			bad = append(bad, errs.Field(d.Name(), "errors.field-missing"))
		default:
			wanted = append(wanted, answer{d, cells})
		}
	}
	return wanted, bad
}

// maxAsked is how many records are read with one statement.
const maxAsked = 500

// Values reads all values of some records by slug, in the shapes of the API.
// Records without values are left out, and so are archived fields. The caller
// has checked the right to see the records.
func (s *Service) Values(ctx context.Context, tx *db.Tx, recordType string, ids []int64) (map[int64]map[string]any, error) {
	const op = "fields.Values"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, err
	}
	out := map[int64]map[string]any{}
	c, err := s.current(ctx, tx)
	if err != nil {
		return nil, err
	}
	defs := map[int64]Definition{}
	for _, d := range c.of(recordType) {
		if !d.Archived {
			defs[d.ID] = d
		}
	}
	if len(defs) == 0 {
		return out, nil
	}
	for chunk := range slices.Chunk(ids, maxAsked) {
		rows, err := listValues(ctx, tx, recordType, chunk)
		if err != nil {
			return nil, errs.Wrap(op, err)
		}
		gather(out, defs, rows)
	}
	return out, nil
}

// gather puts rows, ordered by record and field, into values.
func gather(out map[int64]map[string]any, defs map[int64]Definition, rows []row) {
	var cells []cell
	for i, r := range rows {
		cells = append(cells, r.cell)
		if i+1 < len(rows) && rows[i+1].recordID == r.recordID && rows[i+1].fieldID == r.fieldID {
			continue
		}
		d, ok := defs[r.fieldID]
		if v := d.value(cells); ok && v != nil {
			if out[r.recordID] == nil {
				out[r.recordID] = map[string]any{}
			}
			out[r.recordID][d.Slug] = v
		}
		cells = nil
	}
}

// Erase removes all values of a record and the forms filled for it. The caller
// has checked the right to erase it.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, recordType string, recordID int64) error {
	const op = "fields.Erase"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return err
	}
	if err := deleteValues(ctx, tx, recordType, recordID); err != nil {
		return errs.Wrap(op, err)
	}
	return errs.Wrap(op, deleteFilled(ctx, tx, recordType, recordID))
}
