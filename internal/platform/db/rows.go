package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Rows are rows to add to one table, the fastest way the engine has.
type Rows struct {
	table   string
	columns string
	width   int
	args    []any
	ignore  bool
}

// NewRows makes an empty set of rows; columns are separated by commas.
func NewRows(table, columns string) *Rows {
	return &Rows{table: table, columns: columns, width: strings.Count(columns, ",") + 1}
}

// IgnoreThere leaves rows that are there already as they are.
func (r *Rows) IgnoreThere() *Rows {
	r.ignore = true
	return r
}

// Add adds a row with a value for each column.
func (r *Rows) Add(values ...any) {
	for _, v := range values {
		r.args = append(r.args, plain(v))
	}
}

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.args) / r.width }

// plain turns a value into one that drivers take as it is.
func plain(v any) any {
	switch v := v.(type) {
	case nil, string, int64, bool:
		return v
	case int:
		return int64(v)
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return nil
		}
		return plain(r.Elem().Interface())
	case reflect.String:
		return r.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int()
	case reflect.Bool:
		return r.Bool()
	default:
		return v
	}
}

// Insert adds the rows within the transaction.
func (r *Rows) Insert(ctx context.Context, tx *Tx) error {
	if len(r.args) == 0 {
		return nil
	}
	if len(r.args)%r.width != 0 {
		return fmt.Errorf("db.Rows: %d values do not fill the %d columns of %s", len(r.args), r.width, r.table)
	}
	if !tx.writable {
		return fmt.Errorf("db.Rows: %s is to be written in a transaction that only reads", r.table)
	}
	ctx, done, err := tx.begin(ctx, r.table)
	if err != nil {
		return err
	}
	defer done()
	switch {
	case tx.Engine() == SQLite:
		return tx.conn.Raw(func(c any) error { return r.insertSQLite(ctx, c, tx.kept) })
	case r.ignore || r.Len() < worthCopying:
		return r.insertPostgres(ctx, tx.raw)
	default:
		return tx.conn.Raw(func(c any) error { return r.copyPostgres(ctx, c) })
	}
}

// worthCopying is from how many rows on COPY, which asks for the columns'
// types first, is faster than a statement.
const worthCopying = 10

func (r *Rows) copyPostgres(ctx context.Context, c any) error {
	columns := strings.Split(r.columns, ",")
	for i, name := range columns {
		columns[i] = strings.TrimSpace(name)
	}
	_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{r.table}, columns,
		pgx.CopyFromSlice(r.Len(), func(i int) ([]any, error) { return r.args[i*r.width : (i+1)*r.width], nil }))
	return err
}

func (r *Rows) insertPostgres(ctx context.Context, tx *sql.Tx) error {
	const atOnce = 30_000 // arguments; the protocol takes 65,535
	for args := r.args; len(args) > 0; {
		part := args[:min(len(args), max(1, atOnce/r.width)*r.width)]
		args = args[len(part):]
		if _, err := tx.ExecContext(ctx, r.statement(len(part)/r.width, "$"), part...); err != nil {
			return err
		}
	}
	return nil
}

// insertSQLite uses statements of a few sizes only, which are prepared once:
// to prepare a long one takes longer than to run it.
func (r *Rows) insertSQLite(ctx context.Context, c any, kept *keptStatements) error {
	const atOnce = 2_000 // arguments
	size := 1
	for size*4*r.width <= atOnce {
		size *= 4
	}
	named := make([]driver.NamedValue, 0, size*r.width)
	for args := r.args; len(args) > 0; {
		for size > 1 && size*r.width > len(args) {
			size /= 4
		}
		statement, err := kept.find(ctx, c, r, size)
		if err != nil {
			return err
		}
		named = named[:0]
		for i, v := range args[:size*r.width] {
			named = append(named, driver.NamedValue{Ordinal: i + 1, Value: v})
		}
		if _, err := statement.ExecContext(ctx, named); err != nil {
			return err
		}
		args = args[size*r.width:]
	}
	return nil
}

// statement is the text for so many rows.
func (r *Rows) statement(rows int, sign string) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + r.table + " (" + r.columns + ") VALUES ")
	for i := range rows * r.width {
		switch {
		case i == 0:
			b.WriteString("(" + sign)
		case i%r.width == 0:
			b.WriteString("), (" + sign)
		default:
			b.WriteString(", " + sign)
		}
		if sign == "$" {
			b.WriteString(strconv.Itoa(i + 1))
		}
	}
	b.WriteString(")")
	if r.ignore {
		b.WriteString(" ON CONFLICT DO NOTHING")
	}
	return b.String()
}

// keptStatements are the prepared statements of the connection that writes.
type keptStatements struct {
	conn any
	all  map[keptKey]preparedStatement
}

type keptKey struct {
	table, columns string
	ignore         bool
	rows           int
}

type preparedStatement interface {
	driver.Stmt
	driver.StmtExecContext
}

// find gives a prepared statement of the connection.
func (k *keptStatements) find(ctx context.Context, c any, r *Rows, rows int) (preparedStatement, error) {
	if k.conn != c { // the pool has opened another one
		k.conn, k.all = c, map[keptKey]preparedStatement{}
	}
	key := keptKey{r.table, r.columns, r.ignore, rows}
	if found, ok := k.all[key]; ok {
		return found, nil
	}
	made, err := c.(driver.ConnPrepareContext).PrepareContext(ctx, r.statement(rows, "?"))
	if err != nil {
		return nil, err
	}
	prepared, ok := made.(preparedStatement)
	if !ok {
		return nil, fmt.Errorf("db.Rows: the driver's statements (%T) take no context", made)
	}
	k.all[key] = prepared
	return prepared, nil
}

// drop closes the statements before their connection is.
func (k *keptStatements) drop(pool *sql.DB) {
	conn, err := pool.Conn(context.Background())
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_ = conn.Raw(func(c any) error {
		for _, s := range k.all {
			if c == k.conn {
				_ = s.Close() // the connection is closed next
			}
		}
		return nil
	})
	k.conn, k.all = nil, nil
}

const sqlTakeIDsPostgres = `SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, CAST($2 AS BIGINT))`

// TakeIDs gives the ids that so many new rows of a table shall have, rising.
// On SQLite they are free only until the transaction ends.
func TakeIDs(ctx context.Context, tx *Tx, table string, count int) ([]int64, error) {
	if count == 0 {
		return nil, nil
	}
	if tx.Engine() == Postgres {
		return All(ctx, tx, Value[int64], sqlTakeIDsPostgres, table, count)
	}
	last, err := One(ctx, tx, Value[int64], `SELECT COALESCE(MAX(id), 0) FROM `+table)
	ids := make([]int64, count)
	for i := range ids {
		ids[i] = last + int64(i) + 1
	}
	return ids, err
}
