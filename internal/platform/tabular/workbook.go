package tabular

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/errs"
)

// Limits of what an XLSX may unpack to. An honest sheet of a million rows and
// many columns stays below; what packs better than maxRatio is made to harm.
const (
	maxPartBytes    = 6 << 30
	maxStringsBytes = 2 << 30
	maxSmallPart    = 64 << 20
	maxRatio        = 400
	ratioFrom       = 64 << 20
)

// workbook is an opened XLSX: its parts, sheets, styles and shared strings.
type workbook struct {
	parts   map[string]*zip.File // by lower-case name
	sheets  []sheetPart          // visible ones first come first
	date04  bool                 // days count from 1904
	styles  []cellStyle          // by the cell's style number
	strings *stringTable
}

// sheetPart is one sheet: its name and where its XML is.
type sheetPart struct {
	name, path string
	hidden     bool
}

// damaged wraps what is wrong inside an XLSX for the person. An early end must
// not pass for the proper one.
func damaged(err error) error {
	if errs.KindOf(err) != errs.Internal {
		return err
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return errs.New(errs.Invalid, "tabular.Open", "tabular.error.damaged").Because(err)
}

// openWorkbook reads the directory and the small parts.
func openWorkbook(r io.ReaderAt, size int64, tempDir string) (*workbook, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	b := &workbook{parts: make(map[string]*zip.File, len(archive.File))}
	for _, f := range archive.File {
		if f.Flags&1 != 0 {
			return nil, errs.New(errs.Invalid, "tabular.Open", "tabular.error.password")
		}
		b.parts[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	if err := b.load(tempDir); err != nil {
		_ = b.close()
		return nil, damaged(err)
	}
	return b, nil
}

func (b *workbook) load(tempDir string) error {
	main := b.mainPart()
	switch {
	case b.parts["mimetype"] != nil && b.parts["content.xml"] != nil,
		strings.HasSuffix(main, ".bin"), b.parts["xl/workbook.bin"] != nil:
		return errs.New(errs.Invalid, "tabular.Open", "tabular.error.old-format")
	case b.parts[main] == nil:
		return errs.New(errs.Invalid, "tabular.Open", "tabular.error.not-a-table")
	}
	links, err := b.relations(main)
	if err != nil {
		return err
	}
	if err := b.readSheets(main, links); err != nil {
		return err
	}
	for _, link := range links {
		switch {
		case strings.HasSuffix(link.kind, "/styles"):
			err = b.readStyles(link.target)
		case strings.HasSuffix(link.kind, "/sharedStrings"):
			b.strings = &stringTable{book: b, part: link.target, tempDir: tempDir}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *workbook) close() error {
	if b.strings == nil {
		return nil
	}
	return b.strings.close()
}

// mainPart finds the workbook's own part.
func (b *workbook) mainPart() string {
	links, err := b.relations("")
	if err == nil {
		for _, link := range links {
			if strings.HasSuffix(link.kind, "/officeDocument") {
				return link.target
			}
		}
	}
	return "xl/workbook.xml"
}

// relation is a link from one part to another.
type relation struct{ id, kind, target string }

// relations reads the links of a part; a part without any is fine.
func (b *workbook) relations(part string) ([]relation, error) {
	dir, file := path.Split(part)
	name := dir + "_rels/" + file + ".rels"
	if b.parts[name] == nil {
		return nil, nil
	}
	var links []relation
	err := b.scan(name, func(x *xmlScanner) {
		if string(x.name) != "Relationship" || len(links) > 10_000 {
			return
		}
		target := strings.ReplaceAll(x.attrText("Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		links = append(links, relation{
			id: x.attrText("Id"), kind: x.attrText("Type"),
			target: strings.ToLower(strings.TrimPrefix(path.Clean(target), "/")),
		})
	})
	return links, err
}

// readSheets reads the names of the sheets and the workbook's date system.
func (b *workbook) readSheets(main string, links []relation) error {
	err := b.scan(main, func(x *xmlScanner) {
		switch string(x.name) {
		case "workbookPr":
			v := string(x.attr("date1904"))
			b.date04 = v == "1" || v == "true"
		case "sheet":
			id := x.attrText("id")
			i := slices.IndexFunc(links, func(l relation) bool { return l.id == id })
			if i < 0 || !strings.HasSuffix(links[i].kind, "/worksheet") || len(b.sheets) > 10_000 {
				return // a chart or a dialogue
			}
			state := string(x.attr("state"))
			b.sheets = append(b.sheets, sheetPart{x.attrText("name"), links[i].target, state == "hidden" || state == "veryHidden"})
		}
	})
	if err == nil && len(b.sheets) == 0 {
		return errs.New(errs.Invalid, "tabular.Open", "tabular.error.no-sheets")
	}
	return err
}

// scan calls see for each start tag of a small part.
func (b *workbook) scan(part string, see func(*xmlScanner)) error {
	r, err := b.open(part, maxSmallPart)
	if err != nil {
		return err
	}
	defer r.Close() // only reading
	x := newXMLScanner(r)
	for {
		kind, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if kind == xmlStart {
			see(x)
		}
	}
}

// open unpacks a part, if it is no larger than limit and not packed to harm.
func (b *workbook) open(part string, limit uint64) (io.ReadCloser, error) {
	f := b.parts[part]
	if f == nil {
		return nil, damaged(errors.New("part is missing: " + part))
	}
	large := f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/maxRatio > f.CompressedSize64
	if f.UncompressedSize64 > limit || large {
		return nil, errs.New(errs.TooLarge, "tabular.Open", "tabular.error.too-large")
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(err)
	}
	return r, nil
}

// size is the unpacked size of a part.
func (b *workbook) size(part string) int64 {
	if f := b.parts[part]; f != nil {
		return int64(min(f.UncompressedSize64, maxPartBytes)) // bounded just here
	}
	return 0
}
