#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Sandboxes side by side: the ports of one are not those of another.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;

// How programs that can listen and connect are told to. A listener has the shell's $port, and adds
// what arrives to the file $got until "stop" does, or some seconds have passed; a sender has $port
// and $word.
constexpr char kPythonListen[] =
    "import socket,sys\n"
    "s=socket.socket()\ns.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1)\n"
    "s.bind((\"0.0.0.0\",int(sys.argv[1])))\ns.listen(8)\ns.settimeout(10)\n"
    "d=b\"\"\n"
    "while b\"stop\" not in d:\n    d=s.accept()[0].recv(64)\n"
    "    with open(sys.argv[2],\"ab\") as f: f.write(d)\n";
constexpr char kPythonSend[] =
    "import socket,sys\n"
    "s=socket.create_connection((\"127.0.0.1\",int(sys.argv[1])),2)\n"
    "s.sendall(sys.argv[2].encode())\n";
constexpr char kNodeListen[] =
    "const [port,got]=process.argv.slice(-2);const fs=require(\"fs\");"
    "require(\"net\").createServer(c=>c.on(\"error\",()=>{}).on(\"data\",d=>{"
    "fs.appendFileSync(got,d);if(String(d).includes(\"stop\"))process.exit()}))"
    ".listen(+port,\"0.0.0.0\");setTimeout(()=>process.exit(),10000);";
constexpr char kNodeSend[] =
    "const [port,word]=process.argv.slice(-2);"
    "require(\"net\").connect(+port,\"127.0.0.1\",function(){this.end(word)})"
    ".on(\"error\",()=>process.exit(1)).on(\"close\",()=>process.exit());"
    "setTimeout(()=>process.exit(1),2000);";
constexpr char kPerlListen[] =
    "use IO::Socket::INET; alarm 10; my $s=IO::Socket::INET->new(LocalAddr=>\"0.0.0.0\","
    "LocalPort=>$ARGV[0],Listen=>8,ReuseAddr=>1) or exit 1; while(my $c=$s->accept){"
    "sysread($c,my $d,64);open(my $f,\">>\",$ARGV[1]);print $f $d;close $f;last if $d=~/stop/}";
constexpr char kPerlSend[] =
    "use IO::Socket::INET; my $s=IO::Socket::INET->new(PeerAddr=>\"127.0.0.1\","
    "PeerPort=>$ARGV[0],Timeout=>2) or exit 1; print $s $ARGV[1]; close $s";

// `python3 -c '…' "$port" "$got"`
std::string Inline(std::string_view program, std::string_view option, std::string_view code,
                   std::string_view second) {
  return std::string(program) + " " + std::string(option) + " " + ShellQuote(code) +
         " \"$port\" \"$" + std::string(second) + "\"";
}

std::string ListenLine(const std::string& program) {
  if (program.starts_with("python")) return Inline(program, "-c", kPythonListen, "got");
  if (program == "node") return Inline(program, "-e", kNodeListen, "got");
  if (program == "perl") return Inline(program, "-e", kPerlListen, "got");
  // Each takes one connection only; the two ways to name the port are those of its two families.
  return "i=0; while [ ! -e \"$got.stop\" ] && [ $i -lt 50 ]; do { " + program +
         " -l -p \"$port\" || " + program +
         " -l \"$port\"; } >> \"$got\" < /dev/null; i=$((i+1)); done";
}

std::string SendLine(const std::string& program) {
  if (program.starts_with("python")) return Inline(program, "-c", kPythonSend, "word");
  if (program == "node") return Inline(program, "-e", kNodeSend, "word");
  if (program == "perl") return Inline(program, "-e", kPerlSend, "word");
  return "printf '%s' \"$word\" | " + program + " -w 2 127.0.0.1 \"$port\"";
}

std::string ProgramThatListens(CheckContext& ctx, const Box& box) {
  const std::string found = ctx.Observe(
      box,
      "for p in python3 python node perl nc; do if command -v $p > /dev/null 2>&1; then "
      "printf '%s' $p; exit; fi; done; if busybox nc --help > /dev/null 2>&1; then "
      "printf 'busybox nc'; fi; :");
  if (found.empty()) {
    ctx.NotTestable(
        "the sandbox has none of python3, python, node, perl and nc, to listen on a port with");
  }
  return found;
}

// Something that listens in a sandbox, and adds what arrives to a file.
class Listener {
 public:
  Listener(CheckContext& ctx, const Box& box, std::string program)
      : ctx_(ctx), box_(box), program_(std::move(program)), got_(box.Path("got")) {
    port_ = std::to_string(std::uniform_int_distribution<int>(20'000, 32'000)(ctx.random()));
  }

  // Runs it to its end; or leaves it in the background, where calls come one at a time.
  void Run() { (void)ctx_.Sh(box_, Line()); }
  void Leave() { (void)ctx_.Sh(box_, "{ " + Line() + "; } > /dev/null 2>&1 &"); }

  // Sends the word to that port on the localhost of `from`.
  void Send(const Box& from, const std::string& word) {
    (void)ctx_.Sh(
        from, "port=" + port_ + "; word=" + word + "; " + SendLine(program_) + " > /dev/null 2>&1");
  }
  bool Has(const std::string& word) {
    return ctx_.PeekFile(box_, got_).value_or("").find(word) != std::string::npos;
  }
  // Whether a word that is sent in its own sandbox arrives; sent again until it does.
  bool Hears(const std::string& word) {
    return ctx_.Eventually(Milliseconds(5000), [&] {
      Send(box_, word);
      return Has(word);
    });
  }
  void Stop() {
    (void)ctx_.Sh(box_, ": > " + ShellQuote(got_ + ".stop"));
    Send(box_, "stop");
  }

 private:
  std::string Line() const {
    return "port=" + port_ + "; got=" + ShellQuote(got_) + "; " + ListenLine(program_);
  }

  CheckContext& ctx_;
  const Box& box_;
  const std::string program_;
  const std::string got_;
  std::string port_;
};

void ExpectUnheard(CheckContext& ctx, Listener& listener, const Box& other) {
  if (!listener.Hears("own-first")) {
    ctx.NotTestable("what listens on a port is not reached in its own sandbox");
  }
  for (int i = 0; i < 2; ++i) listener.Send(other, "others-word");
  // It takes what comes in order: the other's word would be there by now.
  if (!listener.Hears("own-second")) {
    ctx.NotTestable("what listens on a port is no longer reached in its own sandbox");
  }
  ctx.Expect(listener.Has("others-word"), IsFalse(),
             "whether a port of one sandbox is reached on localhost of the other");
}

void PortsAreNotShared(CheckContext& ctx) {
  const Box owner = ctx.CreateBox();
  const Box other = ctx.CreateBox();
  Listener listener(ctx, owner, ProgramThatListens(ctx, owner));
  const auto look = [&] {
    // It must be told to stop, whatever the look ends with.
    try {
      ExpectUnheard(ctx, listener, other);
    } catch (...) {
      listener.Stop();
      throw;
    }
    listener.Stop();
  };
  if (ctx.description().max_concurrency < 2) {
    listener.Leave();
    look();
    return;
  }
  ctx.InParallel(2, [&](int i) {
    if (i == 0) {
      listener.Run();
    } else {
      look();
    }
  });
}

}  // namespace

std::vector<Requirement> SandboxPortRequirements() {
  return {
      {.id = "isolation.ports",
       .level = Level::kRecommended,
       .asks = "A port that is open in one sandbox is not reached on another's localhost.",
       .why = "Development servers and databases listen there without a password, and all of them "
              "want port 3000.",
       .breaks = "Sandboxes share the network of their machine: processes side by side, or "
                 "containers that were started with the host's.",
       .wrong = R"(await docker.createContainer({ Image, HostConfig: { NetworkMode: 'host' } });)",
       .right = R"(await docker.createContainer({ Image,
  ExposedPorts: { '3000/tcp': {} },
  HostConfig: { PortBindings: { '3000/tcp': [{ HostPort: '0' }] } } });)",
       .defects = {"S5"},
       .mend = "Give each sandbox a network namespace of its own.",
       .sandbox = SandboxNeed::kNone,
       .check = PortsAreNotShared},
  };
}

std::vector<Requirement> IsolationRequirements() {
  return Join(SandboxDataRequirements(), SandboxProcessRequirements(), SandboxPortRequirements(),
              HostIsolationRequirements());
}

}  // namespace computesdk::conformance
