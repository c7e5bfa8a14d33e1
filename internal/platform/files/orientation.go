package files

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how the camera was held (1 to 8, as Exif counts), from the
// beginning of a JPEG; 1, upright, for everything else.
func orientation(head []byte) int {
	exif := exifOf(head)
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(exif[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return 1
	}
	count := int64(order.Uint16(exif[at:]))
	for i := range count {
		entry := at + 2 + i*12
		if entry+12 > int64(len(exif)) {
			return 1
		}
		const orientationTag = 0x0112
		if order.Uint16(exif[entry:]) != orientationTag {
			continue
		}
		if o := int(order.Uint16(exif[entry+8:])); o >= 1 && o <= 8 {
			return o
		}
		return 1
	}
	return 1
}

// exifOf finds the Exif block among the segments of a JPEG.
func exifOf(head []byte) []byte {
	if !bytes.HasPrefix(head, []byte{0xff, 0xd8}) {
		return nil
	}
	for rest := head[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		size := int(binary.BigEndian.Uint16(rest[2:])) + 2
		if size < 4 || size > len(rest) {
			return nil
		}
		const app1, startOfScan = 0xe1, 0xda
		if rest[1] == startOfScan {
			return nil
		}
		if exif, found := bytes.CutPrefix(rest[4:size], []byte("Exif\x00\x00")); rest[1] == app1 && found {
			return exif
		}
		rest = rest[size:]
	}
	return nil
}

// upright turns and mirrors a picture as its orientation says.
func upright(img *image.RGBA, o int) *image.RGBA {
	if o < 2 || o > 8 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if o >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			sx, sy := source(o, x, y, w, h)
			out.SetRGBA(x, y, img.RGBAAt(sx, sy))
		}
	}
	return out
}

// source is the pixel of a w×h picture that comes to (x, y) when it is upright.
func source(o, x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	}
	return w - 1 - y, x
}
