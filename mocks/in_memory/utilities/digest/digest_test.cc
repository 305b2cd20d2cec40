#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class DigestTest : public testing::Test {
 protected:
  DigestTest() : machine_(AddDigestPrograms) {
    machine_.WriteFile("/a.txt", "hello\n");
    machine_.WriteFile("/b.txt", "world\n");
    machine_.WriteFile(
        "/data.bin",
        std::string(
            "\000\001\002\003\004\005\006\007\010\t\n\013\014\015\016\017\020\021\022\023\024\025"
            "\026\027\030\031\032\033\034\035\036\037 !\"#$%&'()*+,-./0123456789:;<=>?",
            64));
    machine_.WriteFile(
        "/zeros", std::string("\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
                              "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
                              "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
                              "\000\000\000\000\000\000\000\000\000\000\000\000\000x",
                              65));
    machine_.WriteFile("/good.md5", "b1946ac92492d2347c6235b4d2611184  a.txt\n");
    machine_.WriteFile(
        "/bad.md5",
        "00000000000000000000000000000000  a.txt\nb1946ac92492d2347c6235b4d2611184  missing\n");
    machine_.WriteFile("/junk.md5", "nothing\n");
    machine_.WriteFile("/mixed.md5", "b1946ac92492d2347c6235b4d2611184 *a.txt\njunk\n");
  }
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(DigestTest, SumsAndChecks) {
  Check({
      {{"md5sum", "a.txt", "b.txt"},
       "",
       "b1946ac92492d2347c6235b4d2611184  a.txt\n591785b794601e212b260e25925636fd  b.txt\n"},
      {{"sha1sum"}, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d  -\n"},
      {{"sha224sum"}, "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7  -\n"},
      {{"sha256sum", "a.txt"},
       "",
       "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  a.txt\n"},
      {{"sha384sum"},
       "abc",
       "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c"
       "825a7  -\n"},
      {{"sha512sum"},
       "abc",
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3f"
       "eebbd454d4423643ce80e2a9ac94fa54ca49f  -\n"},
      {{"sha256sum", "--tag", "a.txt"},
       "",
       "SHA256 (a.txt) = 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03\n"},
      {{"md5sum", "-b", "a.txt"}, "", "b1946ac92492d2347c6235b4d2611184 *a.txt\n"},
      {{"md5sum", "nofile", "a.txt"}, "", "b1946ac92492d2347c6235b4d2611184  a.txt\n", 1, true},
      {{"md5sum", "-c", "good.md5"}, "", "a.txt: OK\n"},
      {{"md5sum", "-c", "bad.md5"}, "", "a.txt: FAILED\nmissing: FAILED open or read\n", 1, true},
      {{"md5sum", "-c", "junk.md5"}, "", "", 1, true},
      {{"md5sum", "-c", "mixed.md5"}, "", "a.txt: OK\n", 0, true},
      {{"md5sum", "--strict", "-c", "mixed.md5"}, "", "a.txt: OK\n", 1, true},
      {{"md5sum", "-c", "--quiet", "good.md5"}, "", ""},
      {{"md5sum", "--status", "-c", "bad.md5"}, "", "", 1, true},
      {{"md5sum", "-c", "--ignore-missing", "bad.md5"}, "", "a.txt: FAILED\n", 1, true},
      {{"md5sum", "-z", "a.txt"},
       "",
       std::string("b1946ac92492d2347c6235b4d2611184  a.txt\000", 40)},
      {{"sha1sum", "-c", "nofile"}, "", "", 1, true},
      {{"md5sum", "-c", "-"}, "b1946ac92492d2347c6235b4d2611184  a.txt\n", "a.txt: OK\n"},
      {{"md5sum", "-cw", "mixed.md5"}, "", "a.txt: OK\n", 0, true},
      {{"md5sum"}, "", "d41d8cd98f00b204e9800998ecf8427e  -\n"},
  });
}

TEST_F(DigestTest, EncodesBase64) {
  Check({
      {{"base64", "a.txt"}, "", "aGVsbG8K\n"},
      {{"base64"}, "abc", "YWJj\n"},
      {{"base64"}, "ab", "YWI=\n"},
      {{"base64"}, "a", "YQ==\n"},
      {{"base64"}, "", ""},
      {{"base64", "data.bin"},
       "",
       "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4\nOTo7PD0+Pw=="
       "\n"},
      {{"base64", "-w", "20", "data.bin"},
       "",
       "AAECAwQFBgcICQoLDA0O\nDxAREhMUFRYXGBkaGxwd\nHh8gISIjJCUmJygpKiss\nLS4vMDEyMzQ1Njc4OTo7\nPD0"
       "+Pw==\n"},
      {{"base64", "-w0", "data.bin"},
       "",
       "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="},
      {{"base64", "-d"}, "aGVsbG8K\n", "hello\n"},
      {{"base64", "-d"}, "aGVs\nbG8K", "hello\n"},
      {{"base64", "-d"}, "!!!!", "", 1, true},
      {{"base64", "-di"}, "aG!VsbG8K", "hello\n"},
      {{"base64", "--decode"}, "YQ==", "a"},
      {{"base64", "-d"}, "YWI=", "ab"},
      {{"base64", "-d"}, "YWJ", "ab", 1, true},
      {{"base64", "nofile"}, "", "", 1, true},
      {{"base64", "-w", "x"}, "", "", 1, true},
      {{"base64", "-d"}, "YQ==YQ==", "aa"},
  });
}

TEST_F(DigestTest, DumpsBytes) {
  Check({
      {{"od", "a.txt"}, "", "0000000 062550 066154 005157\n0000006\n"},
      {{"od", "-c", "a.txt"}, "", "0000000   h   e   l   l   o  \\n\n0000006\n"},
      {{"od", "-b", "a.txt"}, "", "0000000 150 145 154 154 157 012\n0000006\n"},
      {{"od", "-x", "a.txt"}, "", "0000000 6568 6c6c 0a6f\n0000006\n"},
      {{"od", "-An", "-tx1", "a.txt"}, "", " 68 65 6c 6c 6f 0a\n"},
      {{"od", "-A", "d", "-t", "x1", "data.bin"},
       "",
       "0000000 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n0000016 10 11 12 13 14 15 16 17 "
       "18 19 1a 1b 1c 1d 1e 1f\n0000032 20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f\n0000048 "
       "30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f\n0000064\n"},
      {{"od", "-A", "x", "-t", "x1z", "data.bin"},
       "",
       "000000 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  >................<\n000010 10 11 "
       "12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f  >................<\n000020 20 21 22 23 24 25 26 "
       "27 28 29 2a 2b 2c 2d 2e 2f  > !\"#$%&'()*+,-./<\n000030 30 31 32 33 34 35 36 37 38 39 3a "
       "3b 3c 3d 3e 3f  >0123456789:;<=>?<\n000040\n"},
      {{"od", "-t", "o1", "data.bin"},
       "",
       "0000000 000 001 002 003 004 005 006 007 010 011 012 013 014 015 016 017\n0000020 020 021 "
       "022 023 024 025 026 027 030 031 032 033 034 035 036 037\n0000040 040 041 042 043 044 045 "
       "046 047 050 051 052 053 054 055 056 057\n0000060 060 061 062 063 064 065 066 067 070 071 "
       "072 073 074 075 076 077\n0000100\n"},
      {{"od", "-t", "d1", "data.bin"},
       "",
       "0000000    0    1    2    3    4    5    6    7    8    9   10   11   12   13   14   "
       "15\n0000020   16   17   18   19   20   21   22   23   24   25   26   27   28   29   30   "
       "31\n0000040   32   33   34   35   36   37   38   39   40   41   42   43   44   45   46   "
       "47\n0000060   48   49   50   51   52   53   54   55   56   57   58   59   60   61   62   "
       "63\n0000100\n"},
      {{"od", "-t", "u1", "data.bin"},
       "",
       "0000000   0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15\n0000020  16  17  "
       "18  19  20  21  22  23  24  25  26  27  28  29  30  31\n0000040  32  33  34  35  36  37  "
       "38  39  40  41  42  43  44  45  46  47\n0000060  48  49  50  51  52  53  54  55  56  57  "
       "58  59  60  61  62  63\n0000100\n"},
      {{"od", "-t", "x2", "data.bin"},
       "",
       "0000000 0100 0302 0504 0706 0908 0b0a 0d0c 0f0e\n0000020 1110 1312 1514 1716 1918 1b1a "
       "1d1c 1f1e\n0000040 2120 2322 2524 2726 2928 2b2a 2d2c 2f2e\n0000060 3130 3332 3534 3736 "
       "3938 3b3a 3d3c 3f3e\n0000100\n"},
      {{"od", "-t", "x4", "data.bin"},
       "",
       "0000000 03020100 07060504 0b0a0908 0f0e0d0c\n0000020 13121110 17161514 1b1a1918 "
       "1f1e1d1c\n0000040 23222120 27262524 2b2a2928 2f2e2d2c\n0000060 33323130 37363534 3b3a3938 "
       "3f3e3d3c\n0000100\n"},
      {{"od", "-t", "d4", "data.bin"},
       "",
       "0000000    50462976   117835012   185207048   252579084\n0000020   319951120   387323156   "
       "454695192   522067228\n0000040   589439264   656811300   724183336   791555372\n0000060   "
       "858927408   926299444   993671480  1061043516\n0000100\n"},
      {{"od", "-t", "x8", "data.bin"},
       "",
       "0000000 0706050403020100 0f0e0d0c0b0a0908\n0000020 1716151413121110 "
       "1f1e1d1c1b1a1918\n0000040 2726252423222120 2f2e2d2c2b2a2928\n0000060 3736353433323130 "
       "3f3e3d3c3b3a3938\n0000100\n"},
      {{"od", "-t", "a", "data.bin"},
       "",
       "0000000 nul soh stx etx eot enq ack bel  bs  ht  nl  vt  ff  cr  so  si\n0000020 dle dc1 "
       "dc2 dc3 dc4 nak syn etb can  em sub esc  fs  gs  rs  us\n0000040  sp   !   \"   #   $   %  "
       " &   '   (   )   *   +   ,   -   .   /\n0000060   0   1   2   3   4   5   6   7   8   9   "
       ":   ;   <   =   >   ?\n0000100\n"},
      {{"od", "-c", "data.bin"},
       "",
       "0000000  \\0 001 002 003 004 005 006  \\a  \\b  \\t  \\n  \\v  \\f  \\r 016 017\n0000020 "
       "020 021 022 023 024 025 026 027 030 031 032 033 034 035 036 037\n0000040       !   \"   #  "
       " $   %   &   '   (   )   *   +   ,   -   .   /\n0000060   0   1   2   3   4   5   6   7   "
       "8   9   :   ;   <   =   >   ?\n0000100\n"},
      {{"od", "zeros"},
       "",
       "0000000 000000 000000 000000 000000 000000 000000 000000 000000\n*\n0000100 "
       "000170\n0000101\n"},
      {{"od", "-v", "zeros"},
       "",
       "0000000 000000 000000 000000 000000 000000 000000 000000 000000\n0000020 000000 000000 "
       "000000 000000 000000 000000 000000 000000\n0000040 000000 000000 000000 000000 000000 "
       "000000 000000 000000\n0000060 000000 000000 000000 000000 000000 000000 000000 "
       "000000\n0000100 000170\n0000101\n"},
      {{"od", "-j", "10", "-N", "4", "-tx1", "data.bin"}, "", "0000012 0a 0b 0c 0d\n0000016\n"},
      {{"od", "-N", "3", "-c", "a.txt"}, "", "0000000   h   e   l\n0000003\n"},
      {{"od", "-tx1", "-tc", "a.txt"},
       "",
       "0000000  68  65  6c  6c  6f  0a\n          h   e   l   l   o  \\n\n0000006\n"},
      {{"od", "-t", "x1o2", "a.txt"},
       "",
       "0000000  68 65  6c 6c  6f 0a\n        062550 066154 005157\n0000006\n"},
      {{"od", "-w4", "-tx1", "data.bin"},
       "",
       "0000000 00 01 02 03\n0000004 04 05 06 07\n0000010 08 09 0a 0b\n0000014 0c 0d 0e "
       "0f\n0000020 10 11 12 13\n0000024 14 15 16 17\n0000030 18 19 1a 1b\n0000034 1c 1d 1e "
       "1f\n0000040 20 21 22 23\n0000044 24 25 26 27\n0000050 28 29 2a 2b\n0000054 2c 2d 2e "
       "2f\n0000060 30 31 32 33\n0000064 34 35 36 37\n0000070 38 39 3a 3b\n0000074 3c 3d 3e "
       "3f\n0000100\n"},
      {{"od", "-An", "-c"}, std::string("a\tb\n\000", 5), "   a  \\t   b  \\n  \\0\n"},
      {{"od", "-j", "100", "a.txt"}, "", "", 1, true},
      {{"od", "nofile"}, "", "", 1, true},
      {{"od", "-t", "q", "a.txt"}, "", "", 1, true},
      {{"od"}, "", "0000000\n"},
      {{"od", "-tx1", "-w8", "-An", "data.bin"},
       "",
       " 00 01 02 03 04 05 06 07\n 08 09 0a 0b 0c 0d 0e 0f\n 10 11 12 13 14 15 16 17\n 18 19 1a 1b "
       "1c 1d 1e 1f\n 20 21 22 23 24 25 26 27\n 28 29 2a 2b 2c 2d 2e 2f\n 30 31 32 33 34 35 36 "
       "37\n 38 39 3a 3b 3c 3d 3e 3f\n"},
      {{"od", "-i", "data.bin"},
       "",
       "0000000    50462976   117835012   185207048   252579084\n0000020   319951120   387323156   "
       "454695192   522067228\n0000040   589439264   656811300   724183336   791555372\n0000060   "
       "858927408   926299444   993671480  1061043516\n0000100\n"},
      {{"od", "-d", "data.bin"},
       "",
       "0000000   256   770  1284  1798  2312  2826  3340  3854\n0000020  4368  4882  5396  5910  "
       "6424  6938  7452  7966\n0000040  8480  8994  9508 10022 10536 11050 11564 12078\n0000060 "
       "12592 13106 13620 14134 14648 15162 15676 16190\n0000100\n"},
      {{"od", "-s", "a.txt"}, "", "0000000  25960  27756   2671\n0000006\n"},
      {{"od", "-tf4", "data.bin"},
       "",
       "0000000   3.8204714e-37   1.0082514e-34   2.6584628e-32    7.003653e-30\n0000020   "
       "1.8436203e-27    4.849422e-25    1.274669e-22    3.348188e-20\n0000040    8.789052e-18   "
       "2.3057262e-15    6.045325e-13   1.5841256e-10\n0000060    4.148859e-08   1.0860433e-05    "
       "0.0028415453      0.74312186\n0000100\n"},
      {{"od", "-An", "-tx1", "-v", "zeros"},
       "",
       " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n 00 00 00 00 00 00 00 00 00 00 00 00 00 "
       "00 00 00\n 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n 00 00 00 00 00 00 00 00 00 00 "
       "00 00 00 00 00 00\n 78\n"},
      {{"od", "-tu2", "-tx1", "a.txt"},
       "",
       "0000000 25960 27756  2671\n        68 65 6c 6c 6f 0a\n0000006\n"},
      {{"od", "a.txt", "b.txt"},
       "",
       "0000000 062550 066154 005157 067567 066162 005144\n0000014\n"},
      {{"od", "-to1z", "-tx4", "a.txt"},
       "",
       "0000000 150 145 154 154 157 012                                          >hello.<\n        "
       "       6c6c6568        00000a6f\n0000006\n"},
  });
}

TEST_F(DigestTest, CksumKnowsEveryAlgorithm) {
  Check({
      {{"cksum"}, "hello\n", "3015617425 6\n"},
      {{"cksum"}, "", "4294967295 0\n"},
      {{"sum"}, "hello\n", "36979     1\n"},
      {{"sum", "-s"}, "hello\n", "542 1\n"},
      {{"cksum", "-a", "md5"}, "hello\n", "MD5 (-) = b1946ac92492d2347c6235b4d2611184\n"},
      {{"cksum", "--untagged", "-a", "sha1"},
       "hello\n",
       "f572d396fae9206628714fb2ce00f72e94f2258f  -\n"},
      {{"cksum", "-a", "blake2b", "-l", "128"},
       "hello\n",
       "BLAKE2b-128 (-) = ea41b4de6c03f13a95758b28dd75693e\n"},
      {{"b2sum", "-l", "128"}, "hello\n", "ea41b4de6c03f13a95758b28dd75693e  -\n"},
      {{"cksum", "-a", "foo"}, "", "", 1, true},
      {{"cksum", "-a", "crc", "-c"}, "", "", 1, true},
      {{"b2sum", "-l", "7"}, "", "", 1, true},
      {{"cksum", "nofile"}, "", "", 1, true},
  });
}

TEST_F(DigestTest, CksumChecksListsOfSeveralAlgorithms) {
  machine_.WriteFile("/h", "hello\n");
  machine_.WriteFile("/list",
                     "MD5 (h) = b1946ac92492d2347c6235b4d2611184\n"
                     "BLAKE2b-128 (h) = ea41b4de6c03f13a95758b28dd75693f\n");
  Check({
      {{"cksum", "-c", "list"}, "", "h: OK\nh: FAILED\n", 1, true},
      {{"md5sum", "-c", "list"}, "", "h: OK\n", 0, true},
      {{"md5sum", "--quiet", "h"}, "", "", 1, true},
  });
}

TEST_F(DigestTest, BasencHasItsEncodings) {
  Check({
      {{"base32"}, "hello", "NBSWY3DP\n"},
      {{"base32", "-d"}, "ME======", "a"},
      {{"base32", "-d"}, "NBSWY3D", "", 1, true},
      {{"basenc", "--base64url"}, "hello?>", "aGVsbG8_Pg==\n"},
      {{"basenc", "--base16"}, "hi", "6869\n"},
      {{"basenc", "--base16", "-d"}, "686", "h", 1, true},
      {{"basenc", "--base2msbf"}, "h", "01101000\n"},
      {{"basenc", "--base2lsbf", "-d"}, "00010110", "h"},
      {{"basenc", "--z85"}, "hell", "xK#0@\n"},
      {{"basenc", "--z85", "-d"}, "xK#0@", "hell"},
      {{"basenc", "--z85"}, "hello", "", 1, true},
      {{"basenc"}, "hello", "", 1, true},
      {{"base64", "-d"}, "YWI", "ab", 1, true},
  });
}

TEST_F(DigestTest, OdSwapsBytesAndFindsStrings) {
  Check({
      {{"od", "-An", "-tx2", "--endian=big"}, "abcd", " 6162 6364\n"},
      {{"od", "-An", "-tu4", "--endian=little"}, "abcd", " 1684234849\n"},
      {{"od", "--endian=middle"}, "", "", 1, true},
      {{"od", "-S", "3"}, std::string("\1abc\0ab\0abcd", 12), "0000001 abc\n"},
  });
}

}  // namespace
}  // namespace computesdk::in_memory
