package importsweb

import (
	"context"
	"path"
	"strings"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/notice"
	"kartoteka.dev/internal/platform/ui/table"
)

func kindOptions(kinds []imports.Kind) []field.Option {
	var all []field.Option
	for _, k := range kinds {
		all = append(all, field.Option{Value: k.Name, Label: k.Label})
	}
	return all
}

// newTrouble heads the reasons why a file was refused.
func newTrouble(ctx context.Context, n newPage) string {
	if n.Failed == "" {
		return ""
	}
	return i18n.T(ctx, "imports.upload.refused", "File", n.Failed)
}

// scannedText says what the counts of a preview are about.
func scannedText(ctx context.Context, v previewPage) string {
	if v.Whole {
		return i18n.T(ctx, "imports.preview.whole", "Count", int(v.Scanned))
	}
	return i18n.T(ctx, "imports.preview.part", "Count", int(v.Scanned))
}

// startText is the button that brings the file in: it says how many records if
// that is known.
func startText(ctx context.Context, v previewPage) string {
	if n := v.Counts.Created + v.Counts.Updated; v.Whole && n > 0 {
		return i18n.T(ctx, "imports.preview.start-count", "Count", int(n))
	}
	return i18n.T(ctx, "imports.preview.start")
}

// fixInput is where a cell is written anew.
func fixInput(ctx context.Context, c cellView) field.Props {
	p := field.Props{
		Name: "fix." + c.Name, ID: "fix-" + c.Name, Value: c.Raw, Placeholder: c.Suggest,
		Attrs: templ.Attributes{"aria-label": i18n.T(ctx, "imports.preview.write", "Column", c.Label)},
	}
	if strings.Contains(c.Raw, "\n") {
		p.Kind, p.Rows = field.Textarea, 2
	}
	var ids []string
	for n, one := range c.Problems {
		ids = append(ids, reasonID(c.Name, n))
		if !one.Note {
			p.Attrs["aria-invalid"] = "true"
		}
	}
	if ids != nil {
		p.Attrs["aria-describedby"] = strings.Join(ids, " ")
	}
	return p
}

// runText says what is being done.
func runText(ctx context.Context, i imports.Import) string {
	switch {
	case i.State == imports.Queued:
		return i18n.T(ctx, "imports.run.queued")
	case i.DryRun:
		return i18n.T(ctx, "imports.run.trying", "File", i.FileName)
	}
	return i18n.T(ctx, "imports.run.running", "File", i.FileName)
}

func resultStep(i imports.Import) int {
	if i.State == imports.Done && !i.DryRun {
		return atEnd
	}
	return atImport
}

func resultTone(i imports.Import) notice.Tone {
	switch {
	case i.State == imports.Failed:
		return notice.Bad
	case i.State == imports.Cancelled:
		return notice.Warn
	case i.DryRun:
		return notice.Info
	}
	return notice.Good
}

func resultTitle(ctx context.Context, i imports.Import) string {
	switch {
	case i.State == imports.Failed:
		return i18n.T(ctx, "imports.result.failed")
	case i.State == imports.Cancelled:
		return i18n.T(ctx, "imports.result.cancelled")
	case i.DryRun:
		return i18n.T(ctx, "imports.result.tried", "Count", int(i.Rows))
	}
	return i18n.T(ctx, "imports.result.done", "Count", int(i.Rows))
}

func resultText(ctx context.Context, i imports.Import) string {
	switch {
	case i.State == imports.Failed && i.Failure.ID != "":
		return i18n.Text(ctx, i.Failure)
	case i.State == imports.Failed || i.State == imports.Cancelled:
		return i18n.T(ctx, "imports.result.stopped-text")
	case i.DryRun:
		return i18n.T(ctx, "imports.result.tried-text")
	case i.Rejected > 0:
		return i18n.T(ctx, "imports.result.rejected-text")
	}
	return ""
}

// baseName is a file's name without its ending.
func baseName(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// table is the rows that were kept out, with the reasons.
func (v resultPage) table(ctx context.Context) table.Props {
	t := table.Props{ID: "rejected", Caption: i18n.T(ctx, "imports.result.rejected"), Bare: true, Columns: []table.Column{
		{Label: i18n.T(ctx, "imports.preview.row"), Class: table.NoWrap},
		{Label: i18n.T(ctx, "imports.rejects.reason")},
	}}
	for _, o := range v.Rejected {
		t.Rows = append(t.Rows, table.Row{Cells: []templ.Component{
			table.Text(i18n.Number(ctx, o.Row)), table.Text(imports.Reasons(ctx, o.Problems, v.Import.Plan)),
		}})
	}
	return t
}
