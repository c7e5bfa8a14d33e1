package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
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
	sqlSources      = `SELECT id, name, text_id, archived, joined_into FROM customers_sources ORDER BY joined_into, id`
	sqlInsertSource = `INSERT INTO customers_sources (name, name_key) VALUES ($1, $2) RETURNING id`
)

func scanSource(s db.Scanner) (src Source, err error) {
	err = s.Scan(&src.ID, &src.Name, &src.TextID, &src.Archived, &src.JoinedInto)
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
	joined := map[int64]int64{}
	for _, src := range all {
		joined[src.ID] = src.JoinedInto
	}
	for _, src := range all {
		n.add(src.Name, lastOf(joined, src.ID))
	}
	for _, src := range all {
		if src.TextID == "" {
			continue
		}
		for _, lang := range i18n.Langs {
			n.add(i18n.TIn(lang, src.TextID), lastOf(joined, src.ID))
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

// lastOf follows a word to the one it was joined into at last, if it was.
func lastOf(joined map[int64]int64, id int64) int64 {
	for range len(joined) {
		if joined[id] == 0 {
			break
		}
		id = joined[id]
	}
	return id
}

// Sources lists the answers to "how did they find us", archived ones last;
// those joined into others are among the archived.
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

// sqlTags gives tags by name, and after them the names that lead to others.
const sqlTags = `SELECT id, name, archived, joined_into FROM customers_tags ORDER BY joined_into, name_key, id`

func scanTag(s db.Scanner) (t Tag, err error) {
	err = s.Scan(&t.ID, &t.Name, &t.Archived, &t.joinedInto)
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
	return slices.DeleteFunc(all, func(t Tag) bool { return t.joinedInto != 0 }), errs.Wrap(op, err)
}

// knownTags gives all tags by folded name, under their former names too.
func knownTags(ctx context.Context, tx *db.Tx) (map[string]Tag, error) {
	all, err := db.All(ctx, tx, scanTag, sqlTags)
	if err != nil {
		return nil, err
	}
	joined, byID := map[int64]int64{}, map[int64]Tag{}
	for _, t := range all {
		joined[t.ID], byID[t.ID] = t.joinedInto, t
	}
	found := make(map[string]Tag, len(all))
	for _, t := range all {
		found[fold.Key(t.Name)] = byID[lastOf(joined, t.ID)]
	}
	return found, nil
}

// wantTags gives the tags with these names by folded name; new ones are added.
func wantTags(ctx context.Context, tx *db.Tx, names []string) (map[string]Tag, error) {
	if len(names) == 0 {
		return map[string]Tag{}, nil
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
	return knownTags(ctx, tx)
}

// tagsNow gives what tags of these names are called now; those that are not
// known stay as they are.
func tagsNow(ctx context.Context, tx *db.Tx, names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	known, err := knownTags(ctx, tx)
	if err != nil {
		return nil, err
	}
	now := make([]string, len(names))
	for i, name := range names {
		now[i] = name
		if t, ok := known[fold.Key(name)]; ok {
			now[i] = t.Name
		}
	}
	return now, nil
}

// asNamed has a filter that names former tags and sources look for what they
// are now; it asks the database only where a filter names any.
func asNamed(ctx context.Context, tx *db.Tx, n filter.Node) (filter.Node, error) {
	var tags map[string]Tag
	var sources map[int64]int64
	for _, c := range filter.Conditions(n) {
		var err error
		switch {
		case c.Field == "tags" && tags == nil && len(c.Values) > 0:
			tags, err = knownTags(ctx, tx)
		case c.Field == "source" && sources == nil && len(c.Values) > 0:
			sources = map[int64]int64{}
			_, err = db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
				src, err := scanSource(row)
				sources[src.ID] = src.JoinedInto
				return none, err
			}, sqlSources)
		}
		if err != nil {
			return nil, err
		}
	}
	return withValues(n, func(field, value string) string {
		switch field {
		case "tags":
			if t, ok := tags[fold.Key(value)]; ok {
				return t.Name
			}
		case "source":
			if id, err := strconv.ParseInt(value, 10, 64); err == nil {
				return strconv.FormatInt(lastOf(sources, id), 10)
			}
		}
		return ""
	}), nil
}
