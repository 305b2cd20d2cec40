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
     "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
     "bin:x:2:2:bin:/bin:/usr/sbin/nologin\n"
     "sys:x:3:3:sys:/dev:/usr/sbin/nologin\n"
     "sync:x:4:65534:sync:/bin:/bin/sync\n"
     "games:x:5:60:games:/usr/games:/usr/sbin/nologin\n"
     "man:x:6:12:man:/var/cache/man:/usr/sbin/nologin\n"
     "lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin\n"
     "mail:x:8:8:mail:/var/mail:/usr/sbin/nologin\n"
     "news:x:9:9:news:/var/spool/news:/usr/sbin/nologin\n"
     "uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin\n"
     "proxy:x:13:13:proxy:/bin:/usr/sbin/nologin\n"
     "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
     "backup:x:34:34:backup:/var/backups:/usr/sbin/nologin\n"
     "list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin\n"
     "irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin\n"
     "_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\n"
     "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"},
    {"/etc/group",
     "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\n"
     "adm:x:4:\ntty:x:5:\ndisk:x:6:\nlp:x:7:\n"
     "mail:x:8:\nnews:x:9:\nuucp:x:10:\nman:x:12:\n"
     "proxy:x:13:\nkmem:x:15:\ndialout:x:20:\nfax:x:21:\n"
     "voice:x:22:\ncdrom:x:24:\nfloppy:x:25:\ntape:x:26:\n"
     "sudo:x:27:\naudio:x:29:\ndip:x:30:\nwww-data:x:33:\n"
     "backup:x:34:\noperator:x:37:\nlist:x:38:\nirc:x:39:\n"
     "src:x:40:\nshadow:x:42:\nutmp:x:43:\nvideo:x:44:\n"
     "sasl:x:45:\nplugdev:x:46:\nstaff:x:50:\ngames:x:60:\n"
     "users:x:100:\nnogroup:x:65534:\n"},
    {"/etc/hostname", "sandbox\n"},
    {"/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tsandbox\n"},
    {"/etc/os-release",
     "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
     "NAME=\"Debian GNU/Linux\"\n"
     "VERSION_ID=\"12\"\n"
     "VERSION=\"12 (bookworm)\"\n"
     "VERSION_CODENAME=bookworm\n"
     "ID=debian\n"},
    {"/etc/debian_version", "12.0\n"},
    {"/etc/resolv.conf", "# There is no network.\n"},
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
  for (const char* path :
       {"/boot",    "/dev/fd",  "/etc",     "/home",          "/media",    "/mnt",
        "/opt",     "/proc",    "/root",    "/run",           "/srv",      "/sys",
        "/tmp",     "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/sbin", "/usr/share",
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
