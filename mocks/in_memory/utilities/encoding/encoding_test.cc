#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class EncodingTest : public testing::Test {
 protected:
  EncodingTest() : machine_(AddEncodingPrograms) {}
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(EncodingTest, XxdDumps) {
  Check({
      {{"xxd"}, "hello\n", "00000000: 6865 6c6c 6f0a                           hello.\n"},
      {{"xxd", "-p"}, "AB\n", "41420a\n"},
      {{"xxd", "-b", "-c", "2"}, "AB", "00000000: 01000001 01000010  AB\n"},
      {{"xxd", "-e", "-c", "8"}, "abcde", "00000000: 64636261       65  abcde\n"},
      {{"xxd", "-u", "-g1", "-s", "1", "-l", "2"},
       "\xff\xab\xcd\xef",
       "00000001: AB CD                                            ..\n"},
      {{"xxd", "-i"}, "ab", "  0x61, 0x62\n"},
      {{"xxd", "-c", "300"}, "", "", 1, true},
      {{"xxd", "nofile"}, "", "", 2, true},
      {{"xxd"}, "", ""},
  });
  machine_.WriteFile("/9 a", "a");
  Check({{{"xxd", "-i", "9 a"},
          "",
          "unsigned char __9_a[] = {\n  0x61\n};\nunsigned int __9_a_len = 1;\n"}});
}

TEST_F(EncodingTest, XxdLeavesOutLinesOfZeros) {
  const std::string zeros = "0000 0000 0000 0000 0000 0000 0000 0000  ................\n";
  Check({{{"xxd", "-a"},
          std::string(64, '\0') + "a",
          "00000000: " + zeros + "*\n" + "00000040: 61                                       a\n"},
         {{"xxd", "-a"},
          std::string(64, '\0'),
          "00000000: " + zeros + "*\n" + "00000030: " + zeros}});
}

TEST_F(EncodingTest, XxdRevertsAndPatches) {
  Check({
      {{"xxd", "-r"}, "00000000: 6865 6c6c 6f0a  hello.\n", "hello\n"},
      {{"xxd", "-r", "-p"}, "68 65\n6c 6c6f", "hello"},
      {{"xxd", "-r"}, "00000002: 4142\n", std::string("\0\0AB", 4)},
      {{"xxd", "-r", "-b"}, "", "", 255, true},
  });
  machine_.WriteFile("/out", "abcdef");
  EXPECT_EQ(machine_.Run({"xxd", "-r", "-", "out"}, "00000003: 58\n00000001: 59\n").code, 0);
  EXPECT_EQ(machine_.ReadFile("/out"), "aYcXef");
}

TEST_F(EncodingTest, HexdumpFormats) {
  Check({
      {{"hexdump", "-C"},
       "hello\n",
       "00000000  68 65 6c 6c 6f 0a                                 |hello.|\n00000006\n"},
      {{"hexdump"}, "abc", "0000000 6261 0063                              \n0000003\n"},
      {{"hexdump", "-ve", "1/1 \"%02x\""}, "abc", "616263"},
      {{"hexdump", "-e", "\"%_ad: \" 2/1 \"%3d \" \"\\n\""}, "abc", "0:  97  98\n2:  99    \n"},
      {{"hexdump", "-n", "2", "-s", "1", "-c"},
       "a\tbc",
       "0000001  \\t   b                                                        \n0000003\n"},
      {{"hexdump", "-e", "foo"}, "", "", 1, true},
      {{"hexdump", "-e", "1/3 \"%d\""}, "", "", 1, true},
      {{"hexdump", "nofile"}, "", "", 1, true},
      {{"hexdump"}, "", ""},
  });
  const std::string same(64, '\0');
  EXPECT_EQ(machine_.Run({"hexdump", "-v", "-e", "16/1 \"%x\" \"\\n\""}, same).output.size(), 68U);
  EXPECT_EQ(machine_.Run({"hexdump", "-e", "16/1 \"%x\" \"\\n\""}, same).output,
            std::string(16, '0') + "\n*\n");
}

TEST_F(EncodingTest, IconvConverts) {
  Check({
      {{"iconv", "-f", "ISO-8859-1", "-t", "UTF-8"}, "h\xe9", "h\xc3\xa9"},
      {{"iconv", "-f", "UTF-8", "-t", "UTF-16LE"}, "a", std::string("a\0", 2)},
      {{"iconv", "-f", "UTF-8", "-t", "ASCII"}, "h\xc3\xa9", "h", 1, true},
      {{"iconv", "-c", "-f", "UTF-8", "-t", "ASCII"}, "h\xc3\xa9x", "hx"},
      {{"iconv", "-f", "UTF-8", "-t", "ASCII//TRANSLIT"}, "\xe2\x80\x9cq\xe2\x80\x9d", "\"q\""},
      {{"iconv", "-f", "UTF-8", "-t", "UTF-8"}, "a\xc3", "a", 1, true},
      {{"iconv", "-f", "nope", "-t", "UTF-8"}, "a", "", 1, true},
      {{"iconv", "-f", "UTF-8", "-t", "UTF-8"}, "", ""},
  });
}

TEST_F(EncodingTest, StringsFindsText) {
  const std::string bytes("abc\0hello\1world!\0\377xyz1\n", 23);
  Check({
      {{"strings"}, bytes, "hello\nworld!\nxyz1\n"},
      {{"strings", "-n", "3", "-t", "d"},
       bytes,
       "      0 abc\n      4 hello\n     10 world!\n     18 xyz1\n"},
      {{"strings", "-6"}, bytes, "world!\n"},
      {{"strings", "-e", "l"}, std::string("a\0b\0c\0d\0", 8), "abcd\n"},
      {{"strings", "-n", "0"}, "", "", 1, true},
      {{"strings", "nofile"}, "", "", 1, true},
      {{"strings"}, "", ""},
  });
}

}  // namespace
}  // namespace computesdk::in_memory
