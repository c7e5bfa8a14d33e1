package filter

import (
	"fmt"
	"strings"

	"github.com/huandu/go-sqlbuilder"

	"kartoteka.dev/internal/platform/errs"
)

// Sizes of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 1000
)

// Request is what a list is asked for.
type Request struct {
	Filter Node
	Sort   string // "name,-created"; blank is by number
	Cursor string // Next of the page before; "" for the first
	Limit  int    // rows; DefaultLimit if not positive, at most MaxLimit
	Each   bool   // make Statement.Each, too
}

// Statement is the parts to put a list's SELECT together from:
//
//	"SELECT c.id, c.name, " + st.Columns + " FROM … WHERE c.archived = $1 AND " + st.Where + " " + st.Tail
//
// where $1 was in Env.Args. Collect reads its rows. Parts may be used several
// times in a statement, or not at all if a longer one contains them.
type Statement struct {
	Columns string // the keys of the order, to be selected last
	Where   string // the filter, and where the page begins
	Tail    string // ORDER BY and LIMIT
	Args    []any  // of the whole statement

	Each  string // the filter alone, asked of one row after the other: see Request.Each
	After string // where the page begins, "TRUE" for the first
	Order string // ORDER BY alone
	Limit string // the number of rows alone

	keys  int
	limit int
	list  string // what the cursor belongs to
}

// Prepare checks a request against the schema and gives the parts of its
// statement.
func Prepare(s *Schema, r Request, env Env) (*Statement, error) {
	keys, err := ParseSort(r.Sort)
	if err != nil {
		return nil, err
	}
	columns, err := s.order(keys, env)
	if err != nil {
		return nil, err
	}
	st := &Statement{keys: len(columns), limit: limitOf(r.Limit), After: "TRUE", Args: env.Args}
	st.list = FormatSort(keys) + "\x00" + Format(r.Filter)
	b := &builder{schema: s, env: env}
	if st.Where, err = b.where(st, r.Filter); err != nil {
		return nil, err
	}
	if r.Cursor != "" {
		last, err := decodeCursor(st.list, r.Cursor, len(columns))
		if err != nil {
			return nil, err
		}
		st.After = b.part(st, b.after(columns, last))
		st.Where += " AND " + st.After
	}
	if b.rowwise = r.Each; r.Each {
		if st.Each, err = b.where(st, r.Filter); err != nil {
			return nil, err
		}
	}
	st.Columns = selected(columns)
	st.Order = b.part(st, orderBy(columns))
	st.Limit = b.part(st, b.args.Add(int64(st.limit+1)))
	st.Tail = st.Order + " LIMIT " + st.Limit
	return st, nil
}

func (b *builder) where(st *Statement, n Node) (string, error) {
	b.sql.Reset()
	if err := b.filter(n); err != nil {
		return "", err
	}
	return b.part(st, b.sql.String()), nil
}

// part numbers the arguments of a part of the statement after those of the
// parts before.
func (b *builder) part(st *Statement, text string) string {
	b.env.Args = st.Args
	text, st.Args = b.compile(text)
	b.args = sqlbuilder.Args{}
	return text
}

func selected(columns []column) string {
	exprs := make([]string, len(columns))
	for i, c := range columns {
		exprs[i] = c.expr
	}
	return strings.Join(exprs, ", ")
}

func limitOf(asked int) int {
	if asked <= 0 {
		return DefaultLimit
	}
	return min(asked, MaxLimit)
}

// Page is a part of a list and the cursor of the part behind it, "" at the
// end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Rows is what Collect needs of *sql.Rows; the caller closes it.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// Collect reads the rows of a prepared statement into a page. scan reads one
// row's own columns through the function it is given; the keys behind them are
// read for it.
func Collect[T any](rows Rows, st *Statement, scan func(into func(dest ...any) error) (T, error)) (Page[T], error) {
	page := Page[T]{Items: make([]T, 0, min(st.limit, DefaultLimit))}
	keys, targets := make([]any, st.keys), make([]any, st.keys)
	for i := range keys {
		targets[i] = &keys[i]
	}
	into := func(dest ...any) error { return rows.Scan(append(dest, targets...)...) }
	for rows.Next() {
		if len(page.Items) == st.limit {
			next, err := encodeCursor(st.list, keys)
			if err != nil {
				return page, err
			}
			page.Next = next
			break
		}
		item, err := scan(into)
		if err != nil {
			return page, errs.Wrap("filter.Collect", err)
		}
		if err := plain(keys); err != nil {
			return page, err
		}
		page.Items = append(page.Items, item)
	}
	return page, errs.Wrap("filter.Collect", rows.Err())
}

// plain makes the keys what a cursor can carry: integers, strings, nil.
func plain(keys []any) error {
	for i, k := range keys {
		switch k := k.(type) {
		case int64, string, nil:
		case []byte:
			keys[i] = string(k)
		case int32:
			keys[i] = int64(k)
		default:
			return fmt.Errorf("filter.Collect: key %d of the order is a %T, not an integer or text", i+1, k)
		}
	}
	return nil
}
