package files

import "strings"

// previewable are the types shown in the page; everything else is only
// downloaded. Nothing that can carry script is among them.
var previewable = map[string]bool{
	"image/png":       true,
	"image/jpeg":      true,
	"image/gif":       true,
	"image/webp":      true,
	"application/pdf": true,
	"text/plain":      true,
}

var thumbnailable = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// Previewable tells whether a file of this type may be shown in the page.
func Previewable(mime string) bool { return previewable[baseType(mime)] }

// Thumbnailable tells whether Thumbnail can make a small picture of this type.
func Thumbnailable(mime string) bool { return thumbnailable[baseType(mime)] }

// baseType is the media type without parameters: "text/plain".
func baseType(mime string) string {
	base, _, _ := strings.Cut(mime, ";")
	return strings.ToLower(strings.TrimSpace(base))
}
