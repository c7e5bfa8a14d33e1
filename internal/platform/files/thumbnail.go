package files

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"kartoteka.dev/internal/platform/errs"
)

const (
	maxPixels      = 40_000_000 // larger pictures are not unpacked
	maxThumbnail   = 2048       // the longest side anybody asks for
	headBytes      = 1 << 20    // where a picture's size must be found
	jpegQuality    = 84
	sketchOversize = 3 // a very large picture is first sketched this much larger than asked
)

// decoding lets one picture be unpacked at a time: each may need hundreds of
// megabytes.
var decoding = make(chan struct{}, 1)

// Picture is a small picture ready to be sent or printed.
type Picture struct {
	MIME   string // "image/jpeg", or "image/png" when parts are transparent
	Bytes  []byte
	Width  int // pixels
	Height int
}

type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// formats is our own list: the image package's registry is changed by imports
// anywhere.
var formats = map[string]format{
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode},
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// Thumbnail makes a picture whose sides are at most side pixels (2048 at most,
// never larger than the original), upright as the camera was held and without anything the
// camera wrote into it. Pictures over 40 million pixels are errs.TooLarge; what
// is no picture, or a broken one, is errs.Invalid.
func Thumbnail(ctx context.Context, r io.Reader, side int) (Picture, error) {
	const op = "files.Thumbnail"
	in := &cancelled{ctx, r}
	head, err := io.ReadAll(io.LimitReader(in, headBytes))
	if err != nil {
		return Picture{}, errs.Wrap(op, err)
	}
	f, ok := formats[baseType(Sniff(head))]
	if !ok {
		return Picture{}, errs.New(errs.Invalid, op, "files.error.not-a-picture")
	}
	size, err := f.config(bytes.NewReader(head))
	if err != nil {
		return Picture{}, errs.New(errs.Invalid, op, "files.error.not-a-picture").Because(err)
	}
	if size.Width <= 0 || size.Height <= 0 || int64(size.Width)*int64(size.Height) > maxPixels {
		return Picture{}, errs.New(errs.TooLarge, op, "files.error.picture-too-large", "Limit", maxPixels/1_000_000)
	}
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-ctx.Done():
		return Picture{}, errs.Wrap(op, ctx.Err())
	}
	img, err := f.decode(io.MultiReader(bytes.NewReader(head), in))
	if err != nil {
		if ctx.Err() != nil {
			return Picture{}, errs.Wrap(op, ctx.Err())
		}
		return Picture{}, errs.New(errs.Invalid, op, "files.error.not-a-picture").Because(err)
	}
	if side < 1 || side > maxThumbnail {
		side = maxThumbnail
	}
	return encode(op, upright(shrink(img, side), orientation(head)))
}

// shrink scales to at most side pixels a side.
func shrink(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
		if long > side*sketchOversize*2 {
			sketch := image.NewRGBA(image.Rect(0, 0, w*sketchOversize, h*sketchOversize))
			draw.ApproxBiLinear.Scale(sketch, sketch.Bounds(), img, b, draw.Src, nil)
			img, b = sketch, sketch.Bounds()
		}
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	return small
}

func encode(op string, img *image.RGBA) (Picture, error) {
	var b bytes.Buffer
	p := Picture{MIME: "image/jpeg", Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	var err error
	if img.Opaque() {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality})
	} else {
		p.MIME = "image/png"
		err = png.Encode(&b, img)
	}
	if err != nil {
		return Picture{}, errs.New(errs.Internal, op, "").Because(errors.Join(errors.New("encode picture"), err))
	}
	p.Bytes = b.Bytes()
	return p, nil
}
