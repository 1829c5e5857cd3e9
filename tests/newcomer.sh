#!/usr/bin/env bash
# Does what README.md says under "Your own experiment", word for word, in an empty home folder, and looks at what came of it.
# Packages that others made are read from the caller's cache; whatever is written lies in the home folder, which is removed at the end.
set -euo pipefail

readonly ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly SECTION="## Your own experiment"
readonly STEPS="$(awk -v section="$SECTION" '$0 == section { inside = 1 } inside && $0 == "```" { exit } code; inside && $0 == "```sh" { code = 1 }' "$ROOT/README.md")"

fail() { printf 'newcomer: %s\n' "$*" >&2; exit 1; }
[[ -n "$STEPS" ]] || fail "README.md has no steps under '$SECTION'."

NEW_HOME="$(mktemp -d "${TMPDIR:-/tmp}/l2t-newcomer.XXXXXX")"
readonly NEW_HOME
trap 'rm -rf "$NEW_HOME"' EXIT

# The private libstdc++ of build.sh is no part of what is tested.
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}"
export NUGET_FALLBACK_PACKAGES="${NUGET_PACKAGES:-$HOME/.nuget/packages}"
export NUGET_PACKAGES="$NEW_HOME/.nuget/packages" DOTNET_CLI_HOME="$NEW_HOME" HOME="$NEW_HOME"
# Nothing stays in memory, and nothing is said or set up for a first run of dotnet.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_ADD_GLOBAL_TOOLS_TO_PATH=false

cd "$ROOT"
bash -euxo pipefail -c "$STEPS" || fail "a step above has failed."

cd "$NEW_HOME/Trial"
shopt -s nullglob
runs=(runs/*)
[[ ${#runs[@]} -eq 1 ]] || fail "there should be one run, not: ${runs[*]}"
readonly RUN="${runs[0]}"
for file in report.html teacher.l2t student.l2t episodes.csv config.json run.json; do
    [[ -s "$RUN/$file" ]] || fail "$RUN/$file is missing."
done
grep -q '"coefficients":\[' "$RUN/report.html" || fail "the report shows no coefficients."
for kernel in Trial.DigitsExperiment.HyperKernel.g.cs Trial.DigitsExperiment.TeacherBackwardKernel.g.cs; do
    [[ -n "$(find obj/Generated -name "$kernel")" ]] || fail "$kernel has not been generated."
done
[[ "$(find bin -name libtorch_cpu.so -type l | wc -l)" -eq 1 ]] || fail "libtorch is copied, not linked."
! grep -q '"type": "project"' obj/project.assets.json || fail "a project of the repository is referenced."
! grep -rqF "$ROOT" --include='*.cs' --include='*.csproj' --include='*.config' . || fail "the project knows the repository."
[[ "$(grep -c '<PackageReference Include="L2T' Trial.csproj)" -eq 1 ]] || fail "one reference should do."
cmp -s Data/digits.csv.gz "$ROOT/experiments/Digits/Data/digits.csv.gz" || fail "the digits are not those of the repository."

# The package for translation brings the library and its generator too: one reference does, and what was written here is differentiated.
mkdir "$NEW_HOME/Words"
cp nuget.config "$NEW_HOME/Words"
version="$(sed -nE 's/.*Include="L2T.Dsl.Experiments" Version="([^"]+)".*/\1/p' Trial.csproj)"
cd "$NEW_HOME/Words"
cat >Words.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="L2T.Dsl.Translation" Version="$version" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using L2T.Dsl;
using L2T.Dsl.Tensors;
using L2T.Dsl.Translation.Scoring;
using TorchSharp;

string[] right = ["the cat sat on the mat ."];
Console.WriteLine($"{((ITensorModule)new Scale()).Layout.Count} parameter, {torch.ones(3).sum().item<float>()}, {Bleu.OfText(right, right)}");

[Block]
public sealed partial class Scale
{
    [Parameter(3)]
    public partial torch.Tensor Weight { get; }

    public torch.Tensor Forward([Shape("N", 3)] torch.Tensor x) => Weight * x;
}
CS
eval "$("$ROOT/build.sh" env)"
words="$(dotnet run -c Release)" || fail "a project with L2T.Dsl.Translation alone does not run: $words"
[[ "$words" == "1 parameter, 3, BLEU = 100.00 100.0/100.0/100.0/100.0 "* ]] || fail "a project with L2T.Dsl.Translation alone says: $words"
printf 'newcomer: all is there.\n'
