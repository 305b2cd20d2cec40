#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class InspectProgramsTest : public testing::Test {
 protected:
  InspectProgramsTest() : machine_(AddInspectPrograms) {
    machine_.WriteFile("/t/a/x.txt", "hello\n");
    machine_.WriteFile("/t/a/.hidden", "");
    machine_.WriteFile("/t/b/run.sh", "#!/bin/sh\necho\n");
    machine_.WriteFile("/t/c.json", "{\"a\": [1]}\n");
    machine_.kernel().WithTurn([](FileSystem& files) {
      (void)files.SetMode("/t/b/run.sh", 0755);
      (void)files.MakeSymlink("../a", "/t/b/link");
    });
  }

  TestMachine machine_;
};

TEST_F(InspectProgramsTest, TreeDrawsFolders) {
  EXPECT_EQ(machine_.Run({"tree", "/t"}).output,
            "/t\n"
            "|-- a\n"
            "|   `-- x.txt\n"
            "|-- b\n"
            "|   |-- link -> ../a\n"
            "|   `-- run.sh\n"
            "`-- c.json\n"
            "\n"
            "4 directories, 3 files\n");
}

TEST_F(InspectProgramsTest, TreeShowsNoColoursWithoutATerminal) {
  EXPECT_EQ(machine_.Run({"tree", "-C", "--noreport", "/t/b"}).output,
            "/t/b\n"
            "|-- link -> ../a\n"
            "`-- run.sh\n");
}

TEST_F(InspectProgramsTest, TreeShowsWhatItsOptionsAskFor) {
  ExpectPrograms(
      machine_,
      {{{"tree", "-d", "--noreport", "/t"}, "", "/t\n|-- a\n`-- b\n    `-- link -> ../a\n"},
       {{"tree", "-L", "1", "-i", "-f", "--noreport", "/t"}, "", "/t\n/t/a\n/t/b\n/t/c.json\n"},
       {{"tree", "-a", "-P", "*.txt|.h*", "--noreport", "/t/a"},
        "",
        "/t/a\n|-- .hidden\n`-- x.txt\n"},
       {{"tree", "-I", "a|b", "-F", "--noreport", "/t"}, "", "/t/\n`-- c.json\n"},
       {{"tree", "-p", "-s", "-I", "l*", "--noreport", "/t/b"},
        "",
        "[drwxr-xr-x        4096]  /t/b\n`-- [-rwxr-xr-x          15]  run.sh\n"},
       {{"tree", "--prune", "-P", "*.sh", "/t"},
        "",
        "/t\n`-- b\n    `-- run.sh\n\n2 directories, 1 file\n"},
       {{"tree", "-J", "/t/a"},
        "",
        "[\n  {\"type\":\"directory\",\"name\":\"/t/a\",\"contents\":[\n"
        "    {\"type\":\"file\",\"name\":\"x.txt\"}\n  ]}\n,\n"
        "  {\"type\":\"report\",\"directories\":1,\"files\":1}\n]\n"},
       {{"tree", "-L", "0", "/t"}, "", "", 1, true},
       {{"tree", "/nope"}, "", "/nope  [error opening dir]\n\n0 directories, 0 files\n", 2}});
}

TEST_F(InspectProgramsTest, FileKnowsLanguagesByTheirLines) {
  const std::pair<std::string, std::string> kinds[] = {
      {"import {a} from 'b';\n", "JavaScript source, ASCII text\n"},
      {"class A(B):\n    pass\n", "Python script, ASCII text executable\n"},
      {"#include <a.h>\n", "C source, ASCII text\n"},
      {"namespace a {\n}\n", "C++ source, ASCII text\n"},
      {"all:\n\ttrue\n", "makefile script, ASCII text\n"},
      {"{\"a\": 1}\n{\"b\": 2}\n", "New Line Delimited JSON text data\n"},
      {"a,b\n1,2\n", "ASCII text\n"},
      {"a,b\n1,2\n\"3,4\",5\n", "CSV text\n"}};
  for (const auto& [content, words] : kinds) {
    machine_.WriteFile("/f", content);
    EXPECT_EQ(machine_.Run({"file", "-b", "/f"}).output, words);
  }
}

TEST_F(InspectProgramsTest, FileTellsKindsOfContent) {
  machine_.WriteFile("/png", std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x20"
                                         "\x08\x06\0\0\0",
                                         29));
  machine_.WriteFile("/gz", std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10));
  machine_.WriteFile("/data", std::string("\0\x01\x02", 3));
  machine_.WriteFile("/utf8", "h\xc3\xa9\n");
  machine_.WriteFile("/dos", "a\r\nb\r\n");
  machine_.WriteFile("/elf", std::string("\x7f"
                                         "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0",
                                         20));
  machine_.WriteFile("/empty", "");
  ExpectPrograms(
      machine_,
      {{{"file", "/t/a/x.txt"}, "", "/t/a/x.txt: ASCII text\n"},
       {{"file", "-b", "/t/b/run.sh"}, "", "POSIX shell script, ASCII text executable\n"},
       {{"file", "-b", "/t/c.json"}, "", "JSON text data\n"},
       {{"file", "-b", "/png"}, "", "PNG image data, 16 x 32, 8-bit/color RGBA, non-interlaced\n"},
       {{"file", "-b", "/gz"}, "", "gzip compressed data, from Unix\n"},
       {{"file", "-b", "/data"}, "", "data\n"},
       {{"file", "-b", "/utf8"}, "", "Unicode text, UTF-8 text\n"},
       {{"file", "-b", "/dos"}, "", "ASCII text, with CRLF line terminators\n"},
       {{"file", "-b", "/elf"}, "", "ELF 64-bit LSB executable, x86-64, version 1 (SYSV)\n"},
       {{"file", "-b", "/empty"}, "", "empty\n"},
       {{"file", "-b", "/t"}, "", "directory\n"},
       {{"file", "-b", "/t/b/link"}, "", "symbolic link to ../a\n"},
       {{"file", "-bL", "/t/b/link"}, "", "directory\n"},
       {{"file", "-i", "/utf8"}, "", "/utf8: text/plain; charset=utf-8\n"},
       {{"file", "--mime-type", "-b", "/png"}, "", "image/png\n"},
       {{"file", "-"}, "x,y\n1,2\n3,4\n", "/dev/stdin: CSV text\n"},
       {{"file", "/nope"}, "", "/nope: cannot open `/nope' (No such file or directory)\n"},
       {{"file"}, "", "", 1, true}});
}

}  // namespace
}  // namespace computesdk::in_memory
