#include "mocks/in_memory/kernel/base_image.h"

#include <string>

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {
namespace {

// No text begins like this, as no text begins like an ELF file.
constexpr std::string_view kMark = "\x7fPROGRAM ";

struct TextFile {
  const char* path;
  const char* content;
};

constexpr TextFile kTextFiles[] = {
    {"/etc/passwd",
     "root:x:0:0:root:/root:/bin/bash\n"
     "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"},
    {"/etc/group", "root:x:0:\nnogroup:x:65534:\n"},
    {"/etc/hostname", "sandbox\n"},
    {"/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tsandbox\n"},
    {"/etc/os-release",
     "PRETTY_NAME=\"In-memory sandbox\"\n"
     "NAME=\"Sandbox\"\n"
     "VERSION_ID=\"12\"\n"
     "VERSION=\"12\"\n"
     "ID=sandbox\n"
     "ID_LIKE=debian\n"},
    {"/etc/shells", "/bin/sh\n/bin/bash\n"},
};

}  // namespace

std::string ContentOfProgram(std::string_view name) {
  return std::string(kMark) + std::string(name) + "\n";
}

std::string_view ProgramInFile(std::string_view content) {
  if (!content.starts_with(kMark)) return {};
  content.remove_prefix(kMark.size());
  return content.substr(0, content.find('\n'));
}

std::shared_ptr<const FileSystemImage> MakeBaseImage(Clock& clock, const ProgramTable& programs) {
  FileSystem files([&clock] { return clock.Now(); }, FileSystem::Limits{});
  // Nothing of this can fail: the tree is empty, and the names are ours.
  for (const char* path : {"/dev/fd", "/etc", "/home", "/opt", "/root", "/run", "/srv", "/tmp",
                           "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/sbin", "/usr/share",
                           "/var/lib", "/var/log", "/var/tmp", "/workspace"}) {
    (void)files.MakeDirectories(path);
  }
  (void)files.SetMode("/root", 0700);
  (void)files.SetMode("/tmp", 01777);
  (void)files.SetMode("/var/tmp", 01777);
  for (const char* name : {"bin", "lib", "sbin"}) {
    (void)files.MakeSymlink("usr/" + std::string(name), "/" + std::string(name));
  }
  for (const TextFile& file : kTextFiles) (void)files.WriteFile(file.path, file.content);
  for (const char* driver :
       {"null", "zero", "full", "random", "urandom", "tty", "stdin", "stdout", "stderr"}) {
    (void)files.MakeDevice("/dev/" + std::string(driver), driver);
  }
  for (const auto& [name, main] : programs) AddProgramFile(files, name);
  return files.Snapshot();
}

void AddProgramFile(FileSystem& files, const std::string& name) {
  (void)files.WriteFile("/usr/bin/" + name, ContentOfProgram(name), 0755);
}

}  // namespace computesdk::in_memory
