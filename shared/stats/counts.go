package stats

import "unsafe"

// Counts are amounts of traffic by number, in blocks: a store has tens of thousands of them in a row, or few, and they are asked for
// many times a second. A block costs what copying it costs, and nothing is decided for each number.
type Counts struct {
	Blocks []uint32 // block b is of the numbers from b * BlockSize on
	Words  []uint64 // BlockSize for each block
	Large  []Count  // what does not fit a word, beside what the words say
}

// BlockSize is how many numbers a block is of.
const BlockSize = 32

// A word holds packets in the upper 24 bits and bytes in the lower 40: one addition counts both.
const (
	OnePacket = 1 << 40
	byteBits  = OnePacket - 1
)

// A Count is the traffic of something that has a number.
type Count struct {
	Number  uint32
	Packets uint32
	Bytes   int64
}

// Reset empties the counts, whose memory is used again.
func (c *Counts) Reset() { c.Blocks, c.Words, c.Large = c.Blocks[:0], c.Words[:0], c.Large[:0] }

// Take appends the traffic of the numbers from 0 on and leaves zeros. There must be words for whole blocks.
func (c *Counts) Take(words []uint64) {
	for i := 0; i < len(words); i += BlockSize {
		w := (*[BlockSize]uint64)(words[i:])
		if w[0]|w[1]|w[2]|w[3]|w[4]|w[5]|w[6]|w[7]|w[8]|w[9]|w[10]|w[11]|w[12]|w[13]|w[14]|w[15]|
			w[16]|w[17]|w[18]|w[19]|w[20]|w[21]|w[22]|w[23]|w[24]|w[25]|w[26]|w[27]|w[28]|w[29]|w[30]|w[31] != 0 {
			c.Blocks = append(c.Blocks, uint32(i/BlockSize))
			c.Words = append(c.Words, w[:]...)
			*w = [BlockSize]uint64{}
		}
	}
}

// Add appends the traffic of a number. Numbers must ascend.
func (c *Counts) Add(number uint32, packets, bytes int64) {
	if packets >= 1<<24 || bytes < 0 || bytes > byteBits {
		c.Large = append(c.Large, Count{number, uint32(packets), bytes})
		return
	}
	block := number / BlockSize
	if n := len(c.Blocks); n == 0 || c.Blocks[n-1] != block {
		c.Blocks = append(c.Blocks, block)
		c.Words = append(c.Words, make([]uint64, BlockSize)...)
	}
	c.Words[len(c.Words)-BlockSize+int(number%BlockSize)] = uint64(packets)<<40 | uint64(bytes)
}

// bytesOf is a list as it stands in memory, which on every machine that we build for is little-endian.
func bytesOf[T uint32 | uint64 | Count](list []T) []byte {
	var one T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(list))), int(unsafe.Sizeof(one))*len(list))
}

// listOf is the inverse of bytesOf for the first n of what b holds, and gives the rest. It keeps b, in which the list begins on a
// multiple of its items' size.
func listOf[T uint32 | uint64 | Count](b []byte, n int64) ([]T, []byte) {
	var one T
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n), b[int64(unsafe.Sizeof(one))*n:]
}
