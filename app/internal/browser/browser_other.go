//go:build !js

// Package browser is the only place that speaks to JavaScript. This is its native side, where there is no browser: the page's
// components compile against it, so that the site generator can render them once, but nothing here does anything.
package browser

type File struct{}

func NewFile(string, []byte) File                                    { return File{} }
func (File) Name() string                                            { return "" }
func (File) Size() int64                                             { return 0 }
func OnFiles(string, func([]Given, []string), func(int), func(bool)) {}
func TakeChosen(string) []Given                                      { return nil }
func OnLaunched(func([]Given))                                       {}
func Download(File)                                                  {}
func AfterMS(int, func())                                            {}
func Soon(func())                                                    {}
func NowMS() float64                                                 { return 0 }
func WidthOf(string) int                                             { return 0 }
func InSight(string) bool                                            { return true }
func OnResize(func())                                                {}
func Dark() bool                                                     { return false }
func SetTheme(string)                                                {}
func RestoreTheme()                                                  {}
func OnThemeChange(func())                                           {}
func OnPointer(string, func(Pointer) bool)                           {}
func OnKey(func(key string, inInput bool) bool)                      {}
func OnScroll(func())                                                {}
func OnScrolled(string, func(top, height float64))                   {}
func ScrollTo(string, float64)                                       {}
func OnBack(func(int))                                               {}
func Remember(int)                                                   {}
func GoBack(int)                                                     {}
func Focus(string)                                                   {}
func FocusAt(string, int)                                            {}
func ToggleDialog(string)                                            {}
func GoTo(string)                                                    {}
func DialogOpen() bool                                               { return false }
func CloseDetails(string) bool                                       { return false }
func Tell(name, value string)                                        {}
func Say(selector, text string)                                      {}

type Canvas struct{}

func CanvasAt(selector string, width, height int, unitsPerPX float64) (*Canvas, bool) {
	return nil, false
}
func (*Canvas) Path(d, fill, line string, width float64, dash []float64)                   {}
func (*Canvas) Text(s string, x, y float64, font, align, fill, halo string, width float64) {}
func PNG(width, height int, scale, unitsPerPX float64, name string, draw func(*Canvas), done func(File, error)) {
}
func Scale() float64                                      { return 1 }
func OnScale(func(now bool))                              {}
func SetProperties(selector string, properties ...string) {}
func TakeFragment() string                                { return "" }
func Origin() string                                      { return "" }
func Renew(string, string, bool) bool                     { return false }
func OpenTab(string)                                      {}
func Again() bool                                         { return false }
func Zone(int64) (name string, offset int)                { return "UTC", 0 }
func Copy(string, func(bool))                             {}

type Folder struct{}

func (Folder) Name() string { return "" }

func CanWrite() bool                          { return false }
func ChooseFolder(func(Folder), func(string)) {}

type Message struct{}

func NewMessage(string) Message                     { return Message{} }
func (Message) Kind() string                        { return "" }
func (m Message) SetText(string, string) Message    { return m }
func (m Message) SetTexts(string, []string) Message { return m }
func (m Message) SetBytes(string, []byte) Message   { return m }
func (m Message) SetInt(string, int64) Message      { return m }
func (m Message) SetFiles(string, []File) Message   { return m }
func (m Message) SetFolder(string, Folder) Message  { return m }
func (Message) Text(string) string                  { return "" }
func (Message) Int(string) int64                    { return 0 }
func (Message) Bytes(string) []byte                 { return nil }
func (Message) Texts(string) []string               { return nil }
func (Message) Files(string) []File                 { return nil }

type Worker struct{}

func StartWorker(name string, f func(Message), failed func(text string)) Worker {
	return Worker{}
}
func (Worker) Post(Message) {}
func (Worker) Terminate()   {}
