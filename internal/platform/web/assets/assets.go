// Package assets carries everything the browser loads besides pages: the style
// sheet, the scripts, the fonts and the icons. They are built from the folder
// assets/ at the root of the repository and committed under dist, so that the
// program builds without npm.
//
// A page names an asset by URL, which contains a fingerprint of its content;
// Handler therefore lets browsers keep it for ever.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// Prefix is the path below which Handler is mounted.
const Prefix = "/assets/"

// asset is one file with its compressed forms; a form that does not exist or
// does not pay is nil.
type asset struct {
	name         string // below dist, as "fonts/firago-latin-400.woff2"
	url          string
	contentType  string
	etag         string
	plain        []byte
	brotli, gzip []byte
}

// catalogue finds assets by their name and by the path they are served at.
type catalogue struct {
	byName map[string]*asset
	byPath map[string]*asset
}

var all = sync.OnceValue(func() catalogue {
	c := catalogue{byName: map[string]*asset{}, byPath: map[string]*asset{}}
	// The walk is over files compiled in, so that an error is impossible.
	_ = fs.WalkDir(dist, "dist", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := strings.TrimPrefix(file, "dist/")
		kind := contentType(name)
		if kind == "" {
			return nil
		}
		a := load(file, name, kind)
		c.byName[name] = a
		c.byPath[strings.TrimPrefix(a.url, Prefix)] = a
		return nil
	})
	return c
})

func load(file, name, kind string) *asset {
	read := func(suffix string) []byte {
		b, err := dist.ReadFile(file + suffix)
		if err != nil {
			return nil
		}
		return b
	}
	a := &asset{name: name, contentType: kind, plain: read(""), brotli: read(".br"), gzip: read(".gz")}
	print := fingerprint(a.plain)
	ext := path.Ext(name)
	a.url = Prefix + strings.TrimSuffix(name, ext) + "." + print + ext
	a.etag = `"` + print + `"`
	return a
}

// fingerprint is computed in the same way by the build (assets/build.mjs),
// which writes the addresses of fonts into the style sheet.
func fingerprint(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])[:10]
}

// contentType is empty for files that are not served themselves.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".woff2":
		return "font/woff2"
	}
	return ""
}

// URL gives the address of the asset with this name: "app.css" becomes
// "/assets/app.0a1b2c3d4e.css". An unknown name gives an address that answers
// 404, which a test of the page finds.
func URL(name string) string {
	if a, ok := all().byName[name]; ok {
		return a.url
	}
	return Prefix + name
}

// Bytes gives the content of the asset with this name, or nil.
func Bytes(name string) []byte {
	if a, ok := all().byName[name]; ok {
		return a.plain
	}
	return nil
}
