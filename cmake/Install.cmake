# `cmake --install build/release --prefix DIR`: the program, the models that come with it, and what
# desktops need to list it.
set(MODESCOPE_APP_ID io.github.modescope.Modescope)

install(TARGETS modescope RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/models/
        DESTINATION ${CMAKE_INSTALL_DATADIR}/modescope/models
        FILES_MATCHING PATTERN "*.safetensors" PATTERN "README.md")
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

if(MODESCOPE_GUI)
    install(FILES ${CMAKE_SOURCE_DIR}/resources/${MODESCOPE_APP_ID}.desktop
            DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES ${CMAKE_SOURCE_DIR}/resources/${MODESCOPE_APP_ID}.metainfo.xml
            DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    install(FILES ${CMAKE_SOURCE_DIR}/resources/${MODESCOPE_APP_ID}.mime.xml
            DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages
            RENAME ${MODESCOPE_APP_ID}.xml)
    install(FILES ${CMAKE_SOURCE_DIR}/resources/modescope.svg
            DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps
            RENAME ${MODESCOPE_APP_ID}.svg)
endif()
