package browser

// PointerKind is what a pointer did.
type PointerKind int

const (
	PointerDown PointerKind = iota
	PointerMove
	PointerUp
	PointerCancel // the browser takes the pointer for itself, to scroll
	PointerLeave
	PointerDouble
	PointerWheel
	PointerKey
)

// A Pointer is something that the user does at an element.
type Pointer struct {
	Kind  PointerKind
	On    string  // the element's data-chart
	X, Y  float64 // CSS pixels from the element's corner
	Width float64 // of the element
	ID    int     // tells fingers apart
	Touch bool
	Shift bool
	Delta float64 // of the wheel, in pixels, down is positive
	Key   string
}
