package names

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// keys are those of the client's Initials of a connection (RFC 9001, 5.2). They hide nothing: everybody can make them of the id.
type keys struct {
	version uint32
	dcid    []byte
	aead    cipher.AEAD
	iv      []byte
	header  cipher.Block
}

var salts = map[uint32]string{
	version1:  "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a",
	version2:  "\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9",
	version29: "\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99",
}

// newKeys makes the keys of a connection whose first Initial had this id of the server.
func newKeys(version uint32, dcid []byte) *keys {
	prefix := "quic "
	if version == version2 {
		prefix = "quicv2 "
	}
	secret, err := hkdf.Extract(sha256.New, dcid, []byte(salts[version]))
	if err != nil {
		panic(err) // of a hash that is too weak
	}
	secret = expand(secret, "client in", sha256.Size)
	return &keys{
		version: version,
		dcid:    append([]byte(nil), dcid...),
		aead:    gcm(expand(secret, prefix+"key", 16)),
		iv:      expand(secret, prefix+"iv", 12),
		header:  block(expand(secret, prefix+"hp", 16)),
	}
}

// expand is TLS 1.3's HKDF-Expand-Label without a context.
func expand(secret []byte, label string, n int) []byte {
	label = "tls13 " + label
	key, err := hkdf.Expand(sha256.New, secret, string([]byte{0, byte(n), byte(len(label))})+label+"\x00", n)
	if err != nil {
		panic(err)
	}
	return key
}

func block(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // of a key that has not 16 bytes
	}
	return b
}

func gcm(key []byte) cipher.AEAD {
	a, err := cipher.NewGCM(block(key))
	if err != nil {
		panic(err)
	}
	return a
}

// An opener is the memory for decrypting packets, used again for the next one.
type opener struct {
	head, plain []byte
	mask        [aes.BlockSize]byte
	nonce       [12]byte
}

// open decrypts a packet. It returns nil if the keys are not its; else the frames, valid until the next call.
func (o *opener) open(k *keys, p *initial) []byte {
	const longest = 4 // bytes of a packet's number
	if len(p.packet) < p.number+longest+aes.BlockSize {
		return nil
	}
	k.header.Encrypt(o.mask[:], p.packet[p.number+longest:][:aes.BlockSize])
	o.head = append(o.head[:0], p.packet[:p.number+longest]...)
	o.head[0] ^= o.mask[0] & 0x0f
	size := 1 + int(o.head[0]&3)
	o.head = o.head[:p.number+size]
	copy(o.nonce[:], k.iv)
	for i := range size {
		o.head[p.number+i] ^= o.mask[1+i]
		o.nonce[len(o.nonce)-size+i] ^= o.head[p.number+i]
	}
	plain, err := k.aead.Open(o.plain[:0], o.nonce[:], p.packet[p.number+size:], o.head)
	if err != nil {
		return nil
	}
	o.plain = plain
	return plain
}
