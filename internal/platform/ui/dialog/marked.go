// Package dialog draws what lies over a page: dialogs, the drawer at the right
// edge and the box for search and commands.
package dialog

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Piece is a part of a text, marked if it is what was searched for.
type Piece struct {
	Text   string
	Marked bool
}

// Marked draws a text with what was searched for marked in it; without pieces
// as it is. The pieces stand together without spaces between them, so that
// words stay whole.
func Marked(text string, pieces []Piece) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if len(pieces) == 0 {
			pieces = []Piece{{Text: text}}
		}
		for _, p := range pieces {
			html := templ.EscapeString(p.Text)
			if p.Marked {
				html = "<mark>" + html + "</mark>"
			}
			if _, err := io.WriteString(w, html); err != nil {
				return err
			}
		}
		return nil
	})
}
