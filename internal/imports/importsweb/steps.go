package importsweb

import (
	"context"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
)

// The steps of a draft, as they are called in addresses.
const (
	stepColumns = "columns"
	stepRules   = "rules"
	stepPreview = "preview"
)

// Where the steps stand among all.
const (
	atFile = iota
	atColumns
	atRules
	atPreview
	atImport
	atEnd
)

// stepNames are the way of a file.
func stepNames(ctx context.Context) []string {
	return []string{
		i18n.T(ctx, "imports.step.file"), i18n.T(ctx, "imports.step.columns"), i18n.T(ctx, "imports.step.rules"),
		i18n.T(ctx, "imports.step.preview"), i18n.T(ctx, "imports.step.import"),
	}
}

// importPage begins the page of one import.
func importPage(ctx context.Context, i imports.Import) page.Page {
	return page.Page{
		Title:       i.FileName,
		Subtitle:    i18n.T(ctx, "imports.page.uploaded", "Size", i18n.Bytes(ctx, i.FileSize), "Name", i.ByName, "When", i18n.DateTime(ctx, i.CreatedAt)),
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "imports.list.title"), Href: Path}},
		Width:       page.Wide,
	}
}
