package customers

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// seeded are the names of the sources every Kartoteka begins with.
var seeded = []string{
	"customers.source.recommendation", "customers.source.website", "customers.source.web-search",
	"customers.source.advertisement", "customers.source.exhibition", "customers.source.cold-call",
	"customers.source.walk-in", "customers.source.partner", "customers.source.social-network",
	"customers.source.tender", "customers.source.unknown",
}

// Label is the source's name in the language of the context.
func (s Source) Label(ctx context.Context) string {
	if slices.Contains(seeded, s.TextID) {
		return i18n.T(ctx, s.TextID)
	}
	return s.Name
}

const (
	sqlSources      = `SELECT id, name, text_id, archived FROM customers_sources ORDER BY id`
	sqlInsertSource = `INSERT INTO customers_sources (name, name_key) VALUES ($1, $2) RETURNING id`
	sqlChangeSource = `UPDATE customers_sources SET name = $2, name_key = $3, text_id = $4, archived = $5 WHERE id = $1`
)

func scanSource(s db.Scanner) (src Source, err error) {
	err = s.Scan(&src.ID, &src.Name, &src.TextID, &src.Archived)
	return src, err
}

func insertSource(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], sqlInsertSource, name, fold.Key(name))
}

// sourceNames finds sources by name, seeded ones by their name in every
// language: exactly as written first, because names of two languages can fold
// to one key.
type sourceNames struct{ exact, folded map[string]int64 }

func namesOf(all []Source) sourceNames {
	n := sourceNames{exact: map[string]int64{}, folded: map[string]int64{}}
	for _, src := range all {
		n.add(src.Name, src.ID)
	}
	for _, src := range all {
		if src.TextID == "" {
			continue
		}
		for _, lang := range i18n.Langs {
			n.add(i18n.TIn(lang, src.TextID), src.ID)
		}
	}
	return n
}

func (n sourceNames) add(name string, id int64) {
	for _, at := range []struct {
		names map[string]int64
		key   string
	}{{n.exact, strings.ToLower(name)}, {n.folded, fold.Key(name)}} {
		if at.names[at.key] == 0 {
			at.names[at.key] = id
		}
	}
}

// find gives the source with the name, or 0.
func (n sourceNames) find(name string) int64 {
	name = trim(name)
	if id := n.exact[strings.ToLower(name)]; id != 0 {
		return id
	}
	return n.folded[fold.Key(name)]
}

// Sources lists the answers to "how did they find us", archived ones last.
func (s *Service) Sources(ctx context.Context) ([]Source, error) {
	const op = "customers.Sources"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, err
	}
	var all []Source
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, scanSource, sqlSources)
		return err
	})
	slices.SortStableFunc(all, func(a, b Source) int {
		if a.Archived != b.Archived {
			if a.Archived {
				return 1
			}
			return -1
		}
		return strings.Compare(fold.Sort(a.Label(ctx)), fold.Sort(b.Label(ctx)))
	})
	return all, errs.Wrap(op, err)
}

// SaveSource adds a source (ID 0) or changes its name and whether it is still
// offered. A seeded one that is renamed keeps its new name in all languages.
func (s *Service) SaveSource(ctx context.Context, src Source) (Source, error) {
	const op = "customers.SaveSource"
	if _, err := authz.Require(ctx, op, "customers.sources"); err != nil {
		return Source{}, err
	}
	src.Name = trim(src.Name)
	var bad problems
	bad.when(fold.Key(src.Name) == "", "name", "errors.field-missing")
	bad.short("name", src.Name)
	if len(bad) > 0 {
		return Source{}, errs.InvalidFields(op, bad...)
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error { return saveSource(ctx, tx, op, &src) })
	if db.IsUnique(err) {
		err = errs.InvalidFields(op, errs.Field("name", "errors.field-taken"))
	}
	return src, errs.Wrap(op, err)
}

func saveSource(ctx context.Context, tx *db.Tx, op string, src *Source) error {
	all, err := db.All(ctx, tx, scanSource, sqlSources)
	if err != nil {
		return err
	}
	if src.ID == 0 {
		src.TextID = ""
		if src.ID, err = insertSource(ctx, tx, src.Name); err != nil {
			return err
		}
		_, err = journal.Write(ctx, tx, journal.Entry{
			Kind: "customers.source_added", Subject: journal.Ref{Type: "customers_source", ID: src.ID}, After: map[string]any{"name": src.Name},
		})
		return err
	}
	i := slices.IndexFunc(all, func(have Source) bool { return have.ID == src.ID })
	if i < 0 {
		return errs.New(errs.NotFound, op, "customers.error.source-not-found")
	}
	before := all[i]
	src.TextID = before.TextID
	if src.Name != before.Name && src.Name != before.Label(ctx) {
		src.TextID = ""
	} else if src.TextID != "" {
		src.Name = before.Name
	}
	if *src == before {
		return nil
	}
	if _, err := tx.Exec(ctx, sqlChangeSource, src.ID, src.Name, fold.Key(src.Name), src.TextID, src.Archived); err != nil {
		return err
	}
	_, err = journal.Write(ctx, tx, journal.Entry{
		Kind: "customers.source_changed", Subject: journal.Ref{Type: "customers_source", ID: src.ID},
		Before: map[string]any{"name": before.Name, "archived": before.Archived},
		After:  map[string]any{"name": src.Name, "archived": src.Archived},
	})
	return err
}

const sqlTags = `SELECT id, name FROM customers_tags ORDER BY name_key, id`

func scanTag(s db.Scanner) (t Tag, err error) {
	err = s.Scan(&t.ID, &t.Name)
	return t, err
}

// Tags lists all tags in use or once used, by name.
func (s *Service) Tags(ctx context.Context) ([]Tag, error) {
	const op = "customers.Tags"
	if _, err := authz.Require(ctx, op, "customers.view"); err != nil {
		return nil, err
	}
	var all []Tag
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, scanTag, sqlTags)
		return err
	})
	return all, errs.Wrap(op, err)
}

// wantTags gives the tags with these names by folded name; new ones are added.
func wantTags(ctx context.Context, tx *db.Tx, names []string) (map[string]Tag, error) {
	found := make(map[string]Tag, len(names))
	if len(names) == 0 {
		return found, nil
	}
	missing := rowsOf{table: "customers_tags", columns: "name, name_key", ignore: true}
	seen := map[string]bool{}
	for _, name := range names {
		if key := fold.Key(name); !seen[key] {
			seen[key] = true
			missing.rows = append(missing.rows, []any{name, key})
		}
	}
	slices.SortFunc(missing.rows, func(a, b []any) int { return strings.Compare(a[1].(string), b[1].(string)) })
	if err := missing.insert(ctx, tx); err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, scanTag, sqlTags)
	for _, t := range all {
		found[fold.Key(t.Name)] = t
	}
	return found, err
}
