@echo off
rem Runs Kumiko's command line on Windows: finds a JDK, builds what is missing, starts java with the flags of the
rem shell script beside it. Unlike that it keeps no cache of the JVM's, and what has changed is built only once target is deleted.
setlocal EnableExtensions DisableDelayedExpansion
set needed=25
set "home=%~dp0"
set "home=%home:~0,-1%"

set "jdk="
if defined JAVA_HOME call :suits "%JAVA_HOME%"
if not defined jdk for /f "delims=" %%J in ('where java 2^>nul') do if not defined jdk call :suits "%%~dpJ.."
if not defined jdk (
  echo kumiko: needs a JDK %needed% or newer, and found none in JAVA_HOME or PATH; install one, such as Eclipse Temurin %needed% ^(https://adoptium.net^), or point JAVA_HOME at it 1>&2
  exit /b 1
)

set "project="
for /f "tokens=3 delims=<>" %%V in ('findstr /b /c:"  <version>" "%home%\pom.xml"') do if not defined project set "project=%%V"
set "tools=%home%\tools\target\kumiko-tools-%project%.jar"
set "model=%home%\models\all-minilm-l6-v2\target\kumiko-all-minilm-l6-v2-%project%.jar"
set "bench=%home%\bench\target\kumiko-bench-%project%.jar"
set "modules="
if not exist "%tools%" set "modules=tools,models/all-minilm-l6-v2"
if not exist "%model%" set "modules=tools,models/all-minilm-l6-v2"
if "%~1"=="bench" if not exist "%bench%" set "modules=tools,models/all-minilm-l6-v2,bench"
if defined modules call :build || exit /b 1

rem Java writes UTF-8; the console goes back to its own code page afterwards.
set "page="
for /f "tokens=2 delims=:." %%P in ('chcp') do set "page=%%P"
chcp 65001 >nul

if "%~1"=="bench" goto bench

set "flags=--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xms8m"
for %%C in (embed similar rerank serve mine pairs eval) do if "%~1"=="%%C" set "flags=%flags% -XX:MaxNewSize=32m"
if "%~1"=="serve" set "flags=%flags% -Xms64m"

rem Whoever names a collector gets that one; the JVM would refuse two.
set "collector=-XX:+UseSerialGC"
if defined KUMIKO_JAVA_OPTS for %%G in (Serial Parallel G1 Z Shenandoah Epsilon) do (
  echo "%KUMIKO_JAVA_OPTS%" | findstr /c:"-XX:+Use%%GGC" >nul && set "collector="
)
"%jdk%\bin\java.exe" -Xlog:disable -Xlog:all=error:stderr %collector% %flags% %KUMIKO_JAVA_OPTS% -cp "%tools%;%home%\tools\target\lib\*;%model%" dev.kumiko.tools.Main %*
goto end

:bench
set "rest="
:next
shift
if "%~1"=="" goto measure
set rest=%rest% %1
goto next
:measure
"%jdk%\bin\java.exe" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %KUMIKO_JAVA_OPTS% -cp "%bench%;%home%\bench\target\lib\*" dev.kumiko.bench.Main %rest%

:end
set code=%errorlevel%
if defined page chcp %page% >nul
exit /b %code%

rem Sets jdk to the folder %1 if that is a JDK that is new enough; its release file tells without starting it.
:suits
if not exist "%~1\bin\java.exe" exit /b 1
if not exist "%~1\bin\javac.exe" exit /b 1
if not exist "%~1\release" exit /b 1
set "major="
for /f tokens^=2^ delims^=^=.-^" %%V in ('findstr /b /c:"JAVA_VERSION=" "%~1\release"') do set "major=%%V"
if not defined major exit /b 1
if %major% LSS %needed% exit /b 1
set "jdk=%~1"
exit /b 0

:build
where mvn >nul 2>nul
if errorlevel 1 (
  echo kumiko: needs Maven 3.8 or newer to build itself; install it ^(https://maven.apache.org^) or put mvn on the PATH 1>&2
  exit /b 1
)
echo kumiko: building what is missing; this takes a minute 1>&2
if not exist "%home%\target" mkdir "%home%\target"
set "JAVA_HOME=%jdk%"
call mvn -q -B -f "%home%\pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl %modules% -am >"%home%\target\kumiko-build.log" 2>&1
if errorlevel 1 (
  echo kumiko: the build failed; see "%home%\target\kumiko-build.log" 1>&2
  exit /b 1
)
exit /b 0
