// Package table draws lists: a sticky head with sorting, rows that open the
// drawer, selection with bulk actions, and the next page.
package table

import (
	"context"
	"io"
	"maps"

	"github.com/a-h/templ"
)

// Class is how a column is set.
type Class string

// The classes of columns. Main is the name of the row: it holds the link and
// heads the row on a phone. Away is not shown on a phone.
const (
	Plain   Class = ""
	Main    Class = "cell-main"
	Number  Class = "num"
	NoWrap  Class = "cell-nowrap"
	Shrink  Class = "cell-shrink"
	Away    Class = "cell-phone-off"
	Actions Class = "cell-actions cell-shrink"
)

// Order is how the list is sorted by a column.
type Order string

// The orders of a column.
const (
	Unsorted   Order = ""
	Ascending  Order = "ascending"
	Descending Order = "descending"
)

// Column is one column. SortHref, when given, is where a click on its head
// leads: the same list in the other order.
type Column struct {
	Label     string
	HideLabel bool // for screen readers only, as over buttons
	Class     Class
	SortHref  string
	Sorted    Order
}

// Row is one row: a cell for each column. With Href a click opens that page in
// the drawer, a click with Ctrl or the middle button in a new tab.
type Row struct {
	ID    string // value sent when the row is selected
	Name  string // what a screen reader calls the row: "Select Acme"
	Href  string
	Live  string // "customer:123": the row is fetched anew when that changes
	Cells []templ.Component
	Attrs templ.Attributes
}

func (r Row) attrs() templ.Attributes {
	a := templ.Attributes{}
	if r.ID != "" {
		a["data-id"] = r.ID
	}
	if r.Href != "" {
		a["data-row"] = r.Href
	}
	if r.Live != "" {
		a["data-live"] = r.Live
	}
	maps.Copy(a, r.Attrs)
	return a
}

// Props describe a table.
type Props struct {
	ID         string // needed when there is a next page
	Caption    string // what is listed, for screen readers
	Columns    []Column
	Rows       []Row
	Select     string          // name of the selection's inputs; empty: no selection
	Bulk       templ.Component // buttons for what is selected; they submit BulkAction
	BulkAction string
	Empty      templ.Component // shown when there are no rows
	Next       string          // address of the next page; empty: this is the last
	Foot       []templ.Component
	Bare       bool // no frame of its own, as inside a card
	Wide       bool // stays a table on a phone: few narrow columns
}

func (p Props) width() int {
	n := len(p.Columns)
	if p.Select != "" {
		n++
	}
	return n
}

// Text is a cell with plain text.
func Text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}
