package imports

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/platform/tabular"
)

// NewImport is a file to bring in. Only Kind, FileName and Content are needed.
type NewImport struct {
	Kind     string
	FileName string
	Content  io.Reader
	Reading  Reading
	Options  Options
	// Mapping says where columns go, by header (or by letter: "A"): the name of
	// a field, "" for nowhere, "new" for a new field of the type that fits, or
	// "new:number" for one of this type. nil maps as the last file of this
	// source was mapped, or as the headers and values suggest.
	Mapping map[string]string
	// NewFields makes new fields for all columns that have none.
	NewFields bool
	// Dates is the order of dates of columns where the values do not tell, by
	// header or letter; under "" that of all such columns.
	Dates map[string]tabular.DateOrder
}

// Upload stores a file and makes a draft of its import.
func (s *Service) Upload(ctx context.Context, n NewImport) (Import, error) {
	const op = "imports.Upload"
	if _, err := authz.Require(ctx, op, RunImports); err != nil {
		return Import{}, errs.Wrap(op, err)
	}
	target, err := s.target(op, n.Kind)
	if err != nil {
		return Import{}, err
	}
	description, err := s.describe(ctx, op, target)
	if err != nil {
		return Import{}, err
	}
	stored, err := s.Files.Put(ctx, n.Content, files.Limits{Bytes: MaxFile})
	if err != nil {
		return Import{}, errs.Wrap(op, err)
	}
	actor := authz.From(ctx)
	i := Import{
		Kind: n.Kind, State: Draft, FileName: files.CleanName(n.FileName), FileHash: stored.Hash, FileSize: stored.Size,
		ByID: ownerID(actor), ByName: actor.Name, Plan: Plan{Reading: n.Reading, Options: n.Options},
	}
	if err := s.layOut(ctx, &i, description); err != nil {
		return Import{}, errs.Wrap(op, err)
	}
	if n.Mapping != nil {
		if err := mapByName(op, i.Plan.Columns, n.Mapping); err != nil {
			return Import{}, err
		}
	}
	if err := orderByName(op, i.Plan.Columns, n.Dates); err != nil {
		return Import{}, err
	}
	for c := range i.Plan.Columns {
		if col := &i.Plan.Columns[c]; n.NewFields && col.Field == "" && col.New == nil && len(col.Samples) > 0 {
			col.New = col.Offer
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		i.CreatedAt = tx.Now()
		i.ID, err = insert(ctx, tx, i)
		return err
	})
	return i, errs.Wrap(op, err)
}

// describe asks the target, for those who may bring its records in.
func (s *Service) describe(ctx context.Context, op string, t Target) (Description, error) {
	d, err := t.Describe(ctx)
	if err != nil {
		return d, errs.Wrap(op, err)
	}
	if d.Permission != "" {
		if _, err := authz.Require(ctx, op, d.Permission); err != nil {
			return d, errs.Wrap(op, err)
		}
	}
	return d, nil
}

// layOut reads the beginning of the file and maps its columns.
func (s *Service) layOut(ctx context.Context, i *Import, d Description) error {
	src, err := s.open(ctx, *i)
	if err != nil {
		return err
	}
	defer src.close()
	sample, err := src.Sample(ctx, sampled)
	if err != nil {
		return err
	}
	rows := make([][]string, len(sample))
	for n, row := range sample {
		if row.Problem == nil || row.Problem.Usable {
			rows[n] = row.Cells
		}
	}
	header := slices.Clone(src.Header)
	for len(header) < src.Columns {
		header = append(header, "")
	}
	i.Signature = signature(src.Source)
	if src.Format == tabular.FormatCards {
		i.Plan.Options.suitCards(src.Header, d)
	}
	i.Plan.Columns = Suggest(d.Fields, header, trimTo(rows, len(header)))
	if len(d.Types) == 0 {
		for c := range i.Plan.Columns {
			i.Plan.Columns[c].Offer = nil
		}
	}
	if err := settleOrders(ctx, src.Source, i.Plan.Columns); err != nil {
		return err
	}
	return s.recall(ctx, i, d)
}

// suitCards has the people of one organisation, each on a card of their own,
// become contacts of one customer, unless the person says otherwise.
func (o *Options) suitCards(header []string, d Description) {
	if o.Match == "" && o.OnMatch == "" && slices.Contains(header, "Contact name") && slices.Contains(d.Rules, MatchNameCountry) {
		o.Match, o.OnMatch = MatchNameCountry, Update
	}
}

func trimTo(rows [][]string, width int) [][]string {
	for n, row := range rows {
		rows[n] = row[:min(len(row), width)]
	}
	return rows
}

// recall maps the columns as the last file of this source.
func (s *Service) recall(ctx context.Context, i *Import, d Description) error {
	var last memory
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		last, err = remembered(ctx, tx, i.Kind, i.Signature)
		return err
	})
	if err != nil {
		return errs.Wrap("imports.recall", err)
	}
	for c := range i.Plan.Columns {
		col := &i.Plan.Columns[c]
		if field, ok := last.Fields[col.Header]; ok && col.Header != "" && (field == "" || d.field(field) != nil) {
			col.Field, col.By = field, ByMemory
		}
		if col.AsksOrder() && col.Header != "" {
			col.Order = last.Orders[col.Header]
		}
	}
	return nil
}

func (d Description) field(name string) *Field {
	for i := range d.Fields {
		if d.Fields[i].Name == name {
			return &d.Fields[i]
		}
	}
	return nil
}

// mapByName applies a mapping given by header; columns it does not name go
// nowhere.
func mapByName(op string, columns []Column, mapping map[string]string) error {
	used := 0
	for c := range columns {
		col := &columns[c]
		to, ok := mapping[col.Header]
		if !ok || col.Header == "" {
			to, ok = mapping[letters(c)]
		}
		if col.Field, col.New, col.By = "", nil, ""; !ok {
			continue
		}
		used++
		kind, isNew := strings.CutPrefix(to, "new")
		switch {
		case isNew && (kind == "" || kind[0] == ':') && col.Offer != nil:
			made := *col.Offer
			if len(kind) > 1 {
				made.Type = FieldType(kind[1:])
			}
			col.New = &made
		case to != "-":
			col.Field = to
		}
	}
	if used < len(mapping) {
		for name := range mapping {
			if !slices.ContainsFunc(columns, func(c Column) bool { return c.Header == name || letters(c.Index) == name }) {
				return errs.InvalidFields(op, errs.Field("mapping", "imports.error.column-unknown", "Column", name))
			}
		}
	}
	return nil
}

// DraftChange is what ChangeDraft changes; nil leaves things as they are.
type DraftChange struct {
	Reading *Reading // reads the file anew, and maps its columns anew
	Columns []Column // Field, New, Order and Mark of the columns with these Indexes
	Options *Options
}

// ChangeDraft changes how a draft is read, mapped and matched.
func (s *Service) ChangeDraft(ctx context.Context, id int64, change DraftChange) (Import, error) {
	const op = "imports.ChangeDraft"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return Import{}, errs.Wrap(op, err)
	}
	i, description, err := s.draft(ctx, op, id, scope)
	if err != nil {
		return Import{}, err
	}
	if change.Reading != nil && *change.Reading != i.Plan.Reading {
		i.Plan.Reading = *change.Reading
		if err := s.layOut(ctx, &i, description); err != nil {
			return Import{}, errs.Wrap(op, err)
		}
	}
	for _, c := range change.Columns {
		if c.Index < 0 || c.Index >= len(i.Plan.Columns) {
			return Import{}, errs.InvalidFields(op, errs.Field("mapping", "imports.error.column-unknown", "Column", strconv.Itoa(c.Index)))
		}
		col := &i.Plan.Columns[c.Index]
		if col.Field != c.Field || c.New != nil {
			col.By = ""
		}
		col.Field, col.New, col.Order, col.Mark = c.Field, c.New, c.Order, c.Mark
	}
	if change.Options != nil {
		i.Plan.Options = *change.Options
	}
	if err := checkColumns(op, i.Plan, description); err != nil {
		return Import{}, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return setPlan(ctx, tx, i) })
	return i, errs.Wrap(op, err)
}

// draft finds an import that can still be changed.
func (s *Service) draft(ctx context.Context, op string, id int64, scope authz.Scope) (i Import, d Description, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		i, err = find(ctx, tx, op, id, scope)
		return err
	})
	if err != nil {
		return i, d, errs.Wrap(op, err)
	}
	if i.State != Draft {
		return i, d, errs.New(errs.Conflict, op, "imports.error.started")
	}
	target, err := s.target(op, i.Kind)
	if err != nil {
		return i, d, err
	}
	d, err = s.describe(ctx, op, target)
	return i, d, err
}

// checkColumns makes sure that columns go to fields there are, and no two to
// one that takes a single one.
func checkColumns(op string, p Plan, d Description) error {
	taken := map[string]bool{}
	for _, c := range p.Columns {
		if c.New != nil && !slices.Contains(d.Types, c.New.Type) {
			return errs.InvalidFields(op, errs.Field("mapping", "imports.error.type-unknown", "Column", c.Header, "Type", string(c.New.Type)))
		}
		if c.Field == "" {
			continue
		}
		f := d.field(c.Field)
		if f == nil {
			return errs.InvalidFields(op, errs.Field("mapping", "imports.error.field-unknown", "Field", c.Field))
		}
		if taken[c.Field] && !f.Many {
			return errs.InvalidFields(op, errs.Field("mapping", "imports.error.field-twice", "Field", f.Label))
		}
		taken[c.Field] = true
	}
	return nil
}

// checkPlan makes sure that the import can start.
func checkPlan(op string, p Plan, d Description) error {
	if err := checkColumns(op, p, d); err != nil {
		return err
	}
	mapped := map[string]bool{}
	for _, c := range p.Columns {
		mapped[c.Field] = true
	}
	var missing []errs.FieldError
	for _, f := range d.Fields {
		if f.Required && !mapped[f.Name] && strings.TrimSpace(p.Options.Defaults[f.Name]) == "" {
			missing = append(missing, errs.Field(f.Name, "imports.error.field-missing", "Field", f.Label))
		}
	}
	for name := range p.Options.Defaults {
		if d.field(name) == nil {
			missing = append(missing, errs.Field("options", "imports.error.field-unknown", "Field", name))
		}
	}
	if o := p.Options; o.Match != "" && !slices.Contains(d.Rules, o.Match) || o.OnMatch != "" && o.OnMatch.Label() == "" {
		missing = append(missing, errs.Field("match", "imports.error.match-unknown"))
	}
	if len(missing) > 0 {
		return errs.InvalidFields(op, missing...)
	}
	return nil
}

// RemoveDraft throws a draft away, and its file when nothing else uses it.
func (s *Service) RemoveDraft(ctx context.Context, id int64) error {
	const op = "imports.RemoveDraft"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return errs.Wrap(op, err)
	}
	if _, _, err := s.draft(ctx, op, id, scope); err != nil {
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, statement := range []string{sqlForgetRows, sqlForgetLinks, sqlForgetFixes, sqlForget} {
			if _, err := tx.Exec(ctx, statement, id); err != nil {
				return err
			}
		}
		return nil
	})
	return errs.Wrap(op, err)
}

// Uses tells which of the files' hashes imports refer to, for the sweep of the
// file store.
func (s *Service) Uses(ctx context.Context, hashes []string) (map[string]bool, error) {
	const op = "imports.Uses"
	if _, err := authz.Require(ctx, op, RunImports); err != nil {
		return nil, errs.Wrap(op, err)
	}
	used := map[string]bool{}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		for _, hash := range hashes {
			n, err := db.One(ctx, tx, db.Value[int64], sqlReferenced, hash)
			if err != nil {
				return err
			}
			used[hash] = n > 0
		}
		return nil
	})
	return used, errs.Wrap(op, err)
}

func ref(id int64) journal.Ref { return journal.Ref{Type: RecordType, ID: id} }
